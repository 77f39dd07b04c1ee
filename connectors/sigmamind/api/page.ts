import { z } from 'zod';
import { readAs } from '../../shared/read-as.ts';

export interface Page<Row> {
  rows: Row[];
  /** Rows that could not be read. */
  rejects: number;
  total: number | undefined;
  hasNext: boolean;
}

/** `page` counts from zero. */
export interface PageQuery {
  page?: number;
  size?: number;
}

const mostPages = 50;

/** Every row of a list, page by page. */
export async function allRows<Row>(list: (query: PageQuery) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await list({ page, size: 50 });
    rows.push(...answer.rows);
    if (!answer.hasNext) break;
  }
  return rows;
}

/** One page of any list; the rows are read one by one. The first generation said `totalCounts`. */
const ListPage = z.preprocess(
  (value) => (Array.isArray(value) ? { data: value } : value),
  z.object({
    data: z.array(z.unknown()),
    page: z.int().optional().catch(undefined),
    size: z.int().optional().catch(undefined),
    totalCount: z.int().optional().catch(undefined),
    totalCounts: z.int().optional().catch(undefined),
    totalPages: z.int().optional().catch(undefined),
    hasNext: z.boolean().nullish().catch(undefined),
  }),
);

/** Null when the answer is no list at all. One odd row does not sink a page. */
export function readPage<Row>(answer: unknown, schema: z.ZodType<Row>): Page<Row> | null {
  const page = readAs(ListPage, answer).data;
  if (!page) return null;
  const rows = page.data.flatMap((item) => {
    const row = readAs(schema, item);
    return row.success ? [row.data] : [];
  });
  const total = page.totalCount ?? page.totalCounts;
  return {
    rows,
    rejects: page.data.length - rows.length,
    total,
    hasNext: page.hasNext ?? isMore(page, total),
  };
}

/** Where the answer does not say so itself. */
function isMore({ data, page, size, totalPages }: z.infer<typeof ListPage>, total: number | undefined): boolean {
  if (page === undefined || data.length === 0) return false;
  if (totalPages !== undefined) return page + 1 < totalPages;
  return total !== undefined && page * (size ?? data.length) + data.length < total;
}
