import { describe, expect, test } from "vitest";
import { parseListPage, parseXml } from "../../src/stores/s3/xml.ts";

const list = (inner: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</ListBucketResult>`;

describe("parseListPage", () => {
  test("reads keys and sizes, and ignores everything else", () => {
    const page = parseListPage(
      list(
        "<Name>b</Name><Prefix/><KeyCount>2</KeyCount><IsTruncated>false</IsTruncated>\n" +
          "<Contents><Key>a/b</Key><Size>12</Size><ETag>&quot;x&quot;</ETag><Owner><ID>7</ID></Owner></Contents>" +
          "<Contents><Size>0</Size><Key>c</Key></Contents><CommonPrefixes><Prefix>d/</Prefix></CommonPrefixes>",
      ),
    );
    expect(page).toEqual({
      entries: [
        { path: "a/b", size: 12 },
        { path: "c", size: 0 },
      ],
      next: undefined,
    });
  });

  test("decodes keys only if the server encoded them", () => {
    const contents = "<Contents><Key>a%2Fb+c%2B&#37;41</Key><Size>1</Size></Contents>";
    expect(parseListPage(list(contents)).entries[0]?.path).toBe("a%2Fb+c%2B%41");
    expect(parseListPage(list(`<EncodingType>url</EncodingType>${contents}`)).entries[0]?.path).toBe(
      "a/b c+A",
    );
  });

  test("decodes entities, by name and by number, once", () => {
    const contents =
      "<Contents><Key>&lt;&gt;&amp;amp;&quot;&apos;&#233;&#x1F600;</Key><Size>1</Size></Contents>";
    expect(parseListPage(list(contents)).entries[0]?.path).toBe("<>&amp;\"'é😀");
  });

  test("returns the continuation token", () => {
    const more = "<IsTruncated>true</IsTruncated>";
    expect(parseListPage(list(`${more}<NextContinuationToken>1/+=&amp;</NextContinuationToken>`)).next).toBe(
      "1/+=&",
    );
    expect(() => parseListPage(list(more))).toThrow(SyntaxError);
  });

  test.each([
    "",
    "no xml",
    "<html><body>Sign in</body></html>",
    "<!DOCTYPE html><html></html>",
    list("<Contents>"),
    list("<Contents><Key></Contents></Key>"),
    list("&nbsp;"),
    list("& alone"),
    list("a < b"),
    `${list("")}<more/>`,
    "<ListBucketResult>",
    list("<!-- a comment -->"),
    list("&#x110000;"),
    list("&toString;"),
    list("<Key"),
    list("</>"),
    "<?xml",
    // A megabyte each. These took minutes.
    "<aaaa".repeat(200_000),
    `<${"a".repeat(1_000_000)}`,
    `<${"a ".repeat(500_000)}`,
    `&${"a".repeat(1_000_000)}`,
    "<a>".repeat(333_333),
  ])("rejects %.40s", (xml) => {
    expect(() => parseListPage(xml)).toThrow(SyntaxError);
  });
});

test("parseXml reads an error document", () => {
  const document = parseXml("<Error><Code>NoSuchKey</Code><Message>a &amp; b</Message></Error>");
  expect(document.name).toBe("Error");
  expect(document.children.map(({ name, text }) => [name, text])).toEqual([
    ["Code", "NoSuchKey"],
    ["Message", "a & b"],
  ]);
});
