/** The library in one small file: as modules it takes four times the memory. */
declare module 'echarts/dist/echarts.esm.min.mjs' {
  export * from 'echarts';
}
