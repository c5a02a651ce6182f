using System.IO.Compression;
using System.Text;

namespace SynthStudio.Tabular.Tests.Writing;

/// <summary>A table of any format becomes CSV of one form, and columns get the types that lose nothing.</summary>
[TestClass]
public sealed class TableExtractionTests : FileTest
{
    private const string Csv =
        "id;zip;x;d;at;z;ok;odd;empty;note\n" +
        "1;01234;1.50;2020-02-29;2020-02-29 10:00;2020-02-29T10:00:00Z;True;1;;\"a, \"\"b\"\"; c\"\n" +
        "NA;99999; -.5 ;;;;?;two;;NA\n" +
        "-3;00000;1e-3;0001-01-01;1969-12-31T23:59:59.123456;1970-01-01T00:00:00+05:30;false;2020-02-30;; x \n";

    [TestMethod]
    public void A_type_is_what_all_values_are_and_texts_stay_as_they_are()
    {
        var (table, text) = Extract(Save(Encoding.UTF8.GetBytes(Csv)));

        Assert.AreEqual(
            "id Integer, zip Text, x Decimal, d Date, at Timestamp, z TimestampUtc, ok Boolean, odd Text, empty Text, note Text",
            string.Join(", ", table.Columns.Select(column => $"{column.Name} {column.Type}")));
        Assert.AreEqual(3, table.Rows);
        Assert.AreEqual(
            "id,zip,x,d,at,z,ok,odd,empty,note\n" +
            "1,01234,1.50,2020-02-29,2020-02-29 10:00,2020-02-29T10:00:00Z,True,1,,\"a, \"\"b\"\"; c\"\n" +
            ",99999,-.5,,,,,two,,NA\n" +
            "-3,00000,1e-3,0001-01-01,1969-12-31T23:59:59.123456,1970-01-01T00:00:00+05:30,false,2020-02-30,, x \n", text);
    }

    [TestMethod]
    public void Compressed_json_is_the_same_table()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress)) gzip.Write("[{\"n\": 1, \"t\": \"x\"}, {\"n\": null, \"t\": \"y\\nz\"}]"u8);

        var (table, text) = Extract(Save(packed.ToArray()));

        Assert.AreEqual("n,t\n1,x\n,\"y\nz\"\n", text);
        CollectionAssert.AreEqual(new[] { ExtractedType.Integer, ExtractedType.Text }, table.Columns.Select(column => column.Type).ToArray());
    }

    [TestMethod]
    [DataRow("n\n9007199254740993\n", ExtractedType.Integer)]
    [DataRow("n\n9223372036854775807\n-9223372036854775808\n", ExtractedType.Integer)]
    [DataRow("n\n1000000000000000001\n1000000000000000002\n", ExtractedType.Integer)]
    [DataRow("n\n9223372036854775808\n", ExtractedType.Text)]
    [DataRow("n\n1\n12345678901234567890\n", ExtractedType.Text)]
    [DataRow("n\n18446744073709551616\n", ExtractedType.Text)]
    [DataRow("n\n1234567890123456789012\n", ExtractedType.Text)]
    [DataRow("n\n12345678901234567890.0\n", ExtractedType.Text)]
    [DataRow("n\n1.5\n9007199254740993\n", ExtractedType.Text)]
    [DataRow("n\n1.5\n900719925474099\n", ExtractedType.Decimal)]
    [DataRow("n\n0.30000000000000004\n-1.7976931348623157e+99\n", ExtractedType.Decimal)]
    [DataRow("n\n1.000000000000000056e-01\n0.000000000000000000e+00\n", ExtractedType.Decimal)]
    [DataRow("n\n0.12345678901234567890\n", ExtractedType.Text)]
    [DataRow("n\n-0\n", ExtractedType.Decimal)]
    [DataRow("n\n2020-02-29T10:00:00+14:00\n2020-02-29T10:00:00-13:59\n", ExtractedType.TimestampUtc)]
    [DataRow("n\n2020-02-29T10:00:00+14:01\n", ExtractedType.Text)]
    [DataRow("n\n2020-02-29T10:00:00-19:00\n", ExtractedType.Text)]
    [DataRow("n\n9999-12-31T23:00:00-05:00\n", ExtractedType.Text)]
    [DataRow("n\n2020-02-29T24:00:00Z\n", ExtractedType.Text)]
    [DataRow("n\n2020-02-29 24:00:00\n", ExtractedType.Text)]
    [DataRow("n\n2016-12-31 23:59:60\n", ExtractedType.Text)]
    [DataRow("n\n+1\n", ExtractedType.Text)]
    [DataRow("n\n1\n007\n", ExtractedType.Text)]
    [DataRow("n\n2020-02-29\n2021-02-29\n", ExtractedType.Text)]
    [DataRow("n\n2020-02-29\n2020-02-29 10:00:00\n", ExtractedType.Text)]
    [DataRow("n\n2020-02-29 25:00\n", ExtractedType.Text)]
    [DataRow("n\n0000-01-01\n", ExtractedType.Text)]
    [DataRow("n\nNA\nNA\n", ExtractedType.Text)]
    public void What_would_lose_something_is_a_text(string csv, ExtractedType expected) =>
        Assert.AreEqual(expected, Extract(Save(Encoding.UTF8.GetBytes(csv))).Table.Columns.Single().Type);

    [TestMethod]
    public void A_lone_missing_value_is_no_empty_line() => Assert.AreEqual("n\n1\n\"\"\n3\n", Extract(Save("n\n1\nNA\n3\n"u8.ToArray())).Text);

    [TestMethod]
    public void What_is_missing_to_the_reader_among_numbers_and_booleans_is_missing() =>
        Assert.AreEqual("a,n,b\nx,1,true\ny,,\nz,,\n", Extract(Save("a,n,b\nx,1,true\ny,#DIV/0!,None\nz,#NAME?,#REF!\n"u8.ToArray())).Text);

    [TestMethod]
    public void More_columns_than_are_looked_at_at_once_keep_their_order()
    {
        var names = Enumerable.Range(0, 250).Select(i => $"c {i}").ToArray();
        var (table, text) = Extract(Save(Encoding.UTF8.GetBytes($"{string.Join(',', names)}\n{string.Join(',', names.Select((_, i) => i % 2 == 0 ? "1" : "x"))}\n")));

        CollectionAssert.AreEqual(names, table.Columns.Select(column => column.Name).ToArray());
        Assert.IsTrue(table.Columns.Select((column, i) => column.Type == (i % 2 == 0 ? ExtractedType.Integer : ExtractedType.Text)).All(right => right));
        Assert.StartsWith("\"c 0\",\"c 1\"".Replace("\"", "", StringComparison.Ordinal), text.Replace("\"", "", StringComparison.Ordinal));
    }

    private static (ExtractedTable Table, string Text) Extract(string path)
    {
        var target = path + ".csv";
        var table = TableExtraction.Write(path, null, target, new ReadOptions(), CancellationToken.None);
        return (table, File.ReadAllText(target));
    }
}
