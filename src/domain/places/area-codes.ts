import { regions, zonesNamed } from './regions.ts';

/** Where the numbers of an area code live. */
export interface AreaCode {
  /** States or provinces, by postal code. */
  regions: readonly string[];
  zones: readonly string[];
}

/**
 * Area codes of the United States and Canada, as assigned in 2026. A line with zones holds the codes that do not lie in
 * all zones of their region; one without is the region's whole.
 */
const table = `
AL 205 251 256 334 483 659 938
AK 907
AZ Phoenix: 480 520 602 623
AZ 928
AR 327 479 501 870
CA 209 213 279 310 323 341 350 357 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 707 714 738 747 760 805 818 820 831 837 840 858 909 916 925 949 951
CO 303 719 720 748 970 983
CT 203 475 860 959
DC 202 771
DE 302
FL New_York: 239 305 321 324 352 386 407 561 645 656 689 727 728 754 772 786 813 863 904 941 954
FL 448 850
GA 229 404 470 478 678 706 762 770 912 943
HI 808
IA 319 515 563 641 712
ID 208 986
IL 217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 861 872
IN New_York: 260 317 463 765
IN 219 574 812 930
KS Chicago: 316 913
KS 620 785
KY New_York: 502 859
KY 270 364 606
LA 225 318 337 457 504 985
MA 339 351 413 508 617 774 781 857 978
MD 227 240 301 410 443 667
ME 207
MI New_York: 231 248 269 313 517 586 616 679 734 810 947 989
MI 906
MN 218 320 507 612 651 763 924 952
MO 235 314 417 557 573 636 660 816 975
MS 228 471 601 662 769
MT 406
NC 252 336 472 704 743 828 910 919 980 984
ND 701
NE Chicago: 402 531
NE 308
NH 603
NJ 201 551 609 640 732 848 856 862 908 973
NM 505 575
NV Los_Angeles: 702 725
NV 775
NY 212 315 329 332 347 363 516 518 585 607 624 631 646 680 716 718 838 845 914 917 929 934
OH 216 220 234 283 326 330 380 419 436 440 513 567 614 740 937
OK 405 539 572 580 918
OR Los_Angeles: 503 971
OR 458 541
PA 215 223 267 272 412 445 484 570 582 610 717 724 814 835 878
RI 401
SC 803 821 839 843 854 864
SD 605
TN Chicago: 615 629 731 901 931
TN New_York: 865
TN 423 729
TX Chicago: 210 214 254 281 325 346 361 409 430 432 469 512 621 682 713 726 737 806 817 830 832 903 936 940 945 956 972 979
TX Denver: 915
UT 385 435 801
VA 276 434 540 571 686 703 757 804 826 948
VT 802
WA 206 253 360 425 509 564
WI 262 274 353 414 534 608 715 920
WV 304 681
WY 307
PR 787 939
VI 340
GU 671
MP 670
AS 684
AB 368 403 587 780 825
BC Vancouver: 604
BC 236 250 257 672 778
MB 204 431 584
NB 428 506
NL 709 879
NS,PE 782 902
ON Toronto: 226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753 905 942
ON 807
QC Toronto: 263 354 438 450 468 514 579 819 873
QC 273 367 418 581
SK 306 474 639
YT,NT,NU 867`;

/** By its three digits. */
export const areaCodes: ReadonlyMap<string, AreaCode> = new Map(readTable());

function* readTable(): Generator<[string, AreaCode]> {
  for (const line of table.trim().split('\n')) {
    const [head = '', codes = ''] = line.includes(':') ? line.split(': ') : splitOnce(line);
    const [states = '', ...zones] = head.split(' ');
    const places = states.split(',');
    const whole = [...new Set(places.flatMap((code) => regions[code]?.zones ?? []))];
    const area = { regions: places, zones: zones.length > 0 ? zonesNamed(zones.join(' ')) : whole };
    for (const code of codes.split(' ')) yield [code, area];
  }
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf(' ');
  return [line.slice(0, at), line.slice(at + 1)];
}
