using System.IO.Compression;
using System.Text;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>A table that must be refused.</summary>
/// <param name="FileName">Its name as uploaded.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Reason">The error's reason.</param>
/// <param name="Says">What the message must say.</param>
/// <param name="Subject">The column at fault; empty for none.</param>
/// <param name="Row">The row at fault; 0 for none.</param>
/// <param name="SchemaJson">The schema uploaded with it.</param>
/// <param name="ByTraining">Whether it can be read and described, but not learned.</param>
internal sealed record BadTable(
    string FileName, byte[] Content, string Reason, string Says, string Subject = "", long Row = 0, string SchemaJson = "", bool ByTraining = false)
{
    /// <summary>Everything that cannot be a table.</summary>
    public static IReadOnlyList<BadTable> All { get; } =
    [
        new("empty.csv", [], "EMPTY", "empty.csv is empty"),
        new("white-space.csv", Text("\n \n"), "EMPTY", "white space"),
        new("header-only.csv", Text("age,city\n"), "NO_ROWS", "has a header but no rows"),
        new("one-row.csv", Text("age,city\n31,Graz\n"), "TOO_FEW_ROWS", "at least 20", ByTraining: true),
        new("duplicate.csv", Text("age,city,age\n1,Graz,2\n"), "DUPLICATE_COLUMN", "'age'", Subject: "age"),
        new("nameless.csv", Text("age,,city\n1,2,Graz\n"), "EMPTY_COLUMN_NAME", "column 2"),
        new("ragged.csv", Text($"{People(20)}44,Graz\n{People(5, header: false)}"), "RAGGED_ROW", "row 21: the row has 2 cells, the header 3", Row: 21),
        new("nul.csv", Text(People(20) + "4\0,Graz,1\n"), "INVALID_ENCODING", "NUL byte in line 22", Row: 21),
        new("wrong-encoding.csv", [.. Text(People(20)), (byte)'1', (byte)',', 0x81, 0x8D, (byte)',', (byte)'2', (byte)'\n'], "INVALID_ENCODING", "Save it as UTF-8"),
        new("truncated.csv.gz", Gzip(People(5_000))[..4_000], "CORRUPT_COMPRESSION", "cut off"),
        new("not.parquet", Text(People(20)), "UNSUPPORTED_FORMAT", "named Parquet but does not begin like it"),
        new("damaged.parquet", [.. "PAR1"u8, .. Noise(3_000), .. "PAR1"u8], "UNSUPPORTED_FORMAT", "not a valid Parquet file"),
        new("workbook.csv", [.. "PK\x03\x04"u8, .. Noise(100)], "UNSUPPORTED_FORMAT", "Excel"),
        new("broken.ndjson", Text("{\"a\": 1}\n{\"a\": \n"), "UNSUPPORTED_FORMAT", "JSON is not valid"),
        new("unknown-column.csv", Text(People(20)), "UNKNOWN_COLUMN", "It has: age, city, income", Subject: "height", SchemaJson: Schema("height", "numerical")),
        new("wrong-kind.csv", Text(People(20)), "INVALID_VALUE", "row 1: the value is not a number", Subject: "city", Row: 1, SchemaJson: Schema("city", "decimal")),
        new("long-line.csv", Text($"a,b\n1,{new string('x', 25_000_000)}\n"), "CELL_TOO_LARGE", "larger than", Row: 1),
        new("all-constant.csv", Text("k,n\n" + Repeat("same,7\n", 50)), "NOTHING_TO_LEARN", "every column is constant", ByTraining: true),
        new("all-missing.csv", Text("a,b\n" + Repeat(",\n", 50)), "NOTHING_TO_LEARN", "empty", ByTraining: true),
    ];

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Text(text));
        }

        return packed.ToArray();
    }

    public static byte[] Noise(int bytes)
    {
        var noise = new byte[bytes];
        new Random(7).NextBytes(noise);
        return noise;
    }

    private static string People(int rows, bool header = true) =>
        (header ? "age,city,income\n" : "") + string.Concat(Enumerable.Range(0, rows).Select(i => $"{20 + i * 7 % 60},{(i % 3 == 0 ? "Graz" : "Linz")},{i * 7919 % 5000}\n"));

    private static string Repeat(string line, int times) => string.Concat(Enumerable.Repeat(line, times));

    private static string Schema(string column, string kind) => $$$"""{"columns": {"{{{column}}}": "{{{kind}}}"}}""";
}
