using System.IO.Compression;
using System.Text;

namespace SynthStudio.Tabular.Tests.Reading;

[TestClass]
public sealed class TableReaderTests : FileTest
{
    private const string Small = "n,t,d\n1,x,2020-02-29\n2.50, y ,\n,NA,0000-01-01\n";

    [TestMethod]
    public void ReadsNumbersTextsAndDates()
    {
        var table = Read(Small);
        Assert.AreEqual(3, table.RowCount);
        CollectionAssert.AreEqual(new[] { 1, 2.5, double.NaN }, ((NumericColumn)table["n"]).Values);
        var texts = (CodedColumn)table["t"];
        Assert.AreEqual("x", texts.Text(0));
        Assert.AreEqual("y", texts.Text(1));
        Assert.IsNull(texts.Text(2));
        CollectionAssert.AreEqual(new[] { 1582934400, double.NaN, -62167219200 }, ((NumericColumn)table["d"]).Values);
    }

    [TestMethod]
    [DataRow("utf-8")]
    [DataRow("utf-16")]
    [DataRow("utf-16BE")]
    [DataRow("iso-8859-1")]
    public void ReadsTheUsualEncodings(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes("straße,ort\nHauptstr. 1,Köln\nAllee 2,Graz\n")];
        var table = TableReader.Read(Save(bytes));
        Assert.AreEqual("Köln", ((CodedColumn)table["ort"]).Text(0));
        Assert.AreEqual("straße", table.Columns[0].Name);
    }

    [TestMethod]
    public void ReadsUtf16WithoutMark() =>
        Assert.AreEqual(2, TableReader.Read(Save(new UnicodeEncoding(false, false).GetBytes("a,b\n1,2\n3,4\n"))).RowCount);

    [TestMethod]
    [DataRow(",")]
    [DataRow(";")]
    [DataRow("\t")]
    [DataRow("|")]
    public void FindsTheDelimiter(string delimiter)
    {
        var table = Read($"name{delimiter}note\nx{delimiter}\"a, b; c | d \"\"e\"\"\"\ny{delimiter}2\n");
        Assert.HasCount(2, table.Columns);
        Assert.AreEqual("a, b; c | d \"e\"", ((CodedColumn)table["note"]).Text(0));
    }

    [TestMethod]
    [DataRow("a,b\r\n1,2\r\n3,4\r\n")]
    [DataRow("a,b\r1,2\r3,4\r")]
    [DataRow("a,b\n1,2\r\n3,4\n")]
    [DataRow("a,b\n1,2\n3,4")]
    [DataRow("a,b\n1,2\n\n3,4\n\n")]
    [DataRow("\"a\",\"b\"\n\"1\",\"2\"\n\"3\",\"4\"\n")]
    public void ReadsAnyLineEnds(string text)
    {
        var table = Read(text);
        CollectionAssert.AreEqual(new double[] { 1, 3 }, ((NumericColumn)table["a"]).Values);
        CollectionAssert.AreEqual(new double[] { 2, 4 }, ((NumericColumn)table["b"]).Values);
    }

    [TestMethod]
    public void ReadsLineEndsInsideQuotes() => Assert.AreEqual("x\ny", ((CodedColumn)Read("a,b\n1,\"x\ny\"\n2,z\n")["b"]).Text(0));

    [TestMethod]
    public void ReadsGzipAndZstd()
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Small));
        }

        using var compressor = new ZstdSharp.Compressor();
        Assert.AreEqual(3, TableReader.Read(Save(buffer.ToArray(), "no-extension")).RowCount);
        Assert.AreEqual(3, TableReader.Read(Save(compressor.Wrap(Encoding.UTF8.GetBytes(Small)).ToArray(), "t.csv.zst")).RowCount);
    }

    [TestMethod]
    [DataRow("[{\"a\": 1, \"b\": \"x\"}, {\"a\": 2.0, \"b\": null}]")]
    [DataRow("{\"a\": 1, \"b\": \"x\"}\n{\"a\": 2.0}\n")]
    public void ReadsJsonAndNdjson(string text)
    {
        var table = TableReader.Read(Save(text, "t.json"));
        CollectionAssert.AreEqual(new double[] { 1, 2 }, ((NumericColumn)table["a"]).Values);
        Assert.AreEqual("x", ((CodedColumn)table["b"]).Text(0));
        Assert.IsTrue(table["b"].IsMissing(1));
    }

    [TestMethod]
    public void ReadsParquetByContent()
    {
        var path = PathOf("data.bin");
        using (var session = new DuckSession(new ReadOptions(), PathOf("tmp")))
        {
            session.Execute(
                "COPY (SELECT range AS i, range * 0.5 AS x, 'c' || range % 3 AS c, DATE '2020-01-01' + range::INT AS d, range % 2 = 0 AS b, "
                + $"NULL::INT AS n FROM range(100)) TO {DuckSession.Literal(path)} (FORMAT parquet)",
                CancellationToken.None);
        }

        var table = TableReader.Read(path);
        Assert.AreEqual(100, table.RowCount);
        Assert.AreEqual(49.5, ((NumericColumn)table["x"]).Values[99]);
        Assert.AreEqual(ColumnKind.Date, table["d"].Schema.Kind);
        Assert.AreEqual(ColumnKind.Boolean, table["b"].Schema.Kind);
        Assert.AreEqual(ColumnKind.Categorical, table["c"].Schema.Kind);
        Assert.IsTrue(table["n"].IsMissing(7));
    }

    [TestMethod]
    public void ReadsOneRowAndOneColumn()
    {
        Assert.AreEqual(1, Read("a,b\n1,2\n").RowCount);
        Assert.AreEqual(5, ((NumericColumn)Read("a\n5\n6\n")["a"]).Values[0]);
    }

    [TestMethod]
    public void ReadsFiveThousandColumns()
    {
        var names = string.Join(",", Enumerable.Range(0, 5000).Select(i => $"c{i}"));
        var row = string.Join(",", Enumerable.Range(0, 5000));
        Assert.HasCount(5000, Read($"{names}\n{row}\n{row}\n").Columns);
    }

    [TestMethod]
    public void ReadsACellOfTenMegabytes()
    {
        var table = Read("a,b\n1," + new string('x', 10_000_000) + "\n2,y\n");
        Assert.AreEqual(10_000_000, ((CodedColumn)table["b"]).Text(0)!.Length);
    }

    [TestMethod]
    public void ReadsNamesThatTheEngineWouldTakeForPatternsOrSql()
    {
        Directory.CreateDirectory(PathOf("a*[1]"));
        Assert.AreEqual(1, TableReader.Read(Save("it's \"q\",b\n1,2\n", "a*[1]/o'k?.csv")).RowCount);
        Assert.AreEqual(1, TableReader.Read(Save("[{\"a\\\"b\": 1, \"c'd\": 2}]", "q.json")).RowCount);
    }

    [TestMethod]
    public void ReadsNoMoreRowsThanAskedFor() =>
        Assert.AreEqual(10, Read(Lines(Enumerable.Range(0, 100).Select(i => $"{i}")), options: new ReadOptions { MaximumRows = 10 }).RowCount);

    [TestMethod]
    public void ReadsTheColumnsAskedForInThatOrder()
    {
        var table = Read("a,b,c\n1,2,3\n", options: new ReadOptions { Columns = ["c", "a"] });
        CollectionAssert.AreEqual(new[] { "c", "a" }, table.Schema.Columns.Select(c => c.Name).ToArray());
    }

    [TestMethod]
    public void LeavesIgnoredColumnsOut()
    {
        var table = Read("a,b\n1,2\n", SchemaFile.Parse("""{"columns": {"a": "ignored"}}"""));
        Assert.AreEqual("b", table.Columns.Single().Name);
    }

    [TestMethod]
    public void ReadsAnotherTableAsTheSchemaOfTheFirst()
    {
        var schema = Read("n,d,c\n1,2020-01-01,x\n2,2020-01-02,y\n").Schema;
        var other = TableReader.ReadAs(Save("extra,c,d,n\n0,z,02.01.2020,1.5\n0,x,13.01.2020,2\n"), schema);
        CollectionAssert.AreEqual(new[] { "n", "d", "c" }, other.Columns.Select(c => c.Name).ToArray());
        Assert.AreEqual(1.5, ((NumericColumn)other["n"]).Values[0]);
        Assert.AreEqual(1577923200, ((NumericColumn)other["d"]).Values[0]);
        Assert.AreEqual(schema.Columns[1], other["d"].Schema);
    }

    [TestMethod]
    public void ManyLongAndShortTextsKeepTheirCodes()
    {
        var random = new Random(3);
        var values = Enumerable.Range(0, 20_000).Select(_ => new string((char)('a' + random.Next(26)), random.Next(1, 40))).ToArray();
        var column = (CodedColumn)Read(Lines(values), SchemaFile.Parse("""{"columns": {"v": "categorical"}}"""))["v"];
        for (var i = 0; i < values.Length; i++)
        {
            Assert.AreEqual(values[i], column.Text(i));
        }

        Assert.HasCount(values.Distinct().Count(), column.Values);
    }
}
