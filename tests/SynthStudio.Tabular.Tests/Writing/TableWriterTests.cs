using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace SynthStudio.Tabular.Tests.Writing;

[TestClass]
public sealed class TableWriterTests : FileTest
{
    [TestMethod]
    [DataRow("n,x,p,d,t,c\n1,1.50,41.0,01.02.2020,10:05,\"a,\"\"b\"\"\"\n,2.25,7.0,13.02.2020,23:59,\n-3,0.00,8.0,,,z\n")]
    [DataRow("v\n1\n\"\"\n3\n")]
    [DataRow("when,f\n2020-02-29T10:00:00.500Z,0.1\n0000-01-01T00:00:00.001Z,12.345\n9999-12-31T23:59:59.999Z,-7\n")]
    [DataRow("when,f\n2/29/2020 1:05 PM,0.5\n12/1/2020 12:00 AM,0.25\n11/30/2020 12:59 PM,1.0\n")]
    [DataRow("köln,\"a,b\"\nü,\"x\ny\"\n\"  z\",\" \"\"q\"\" \"\n")]
    public void WritesWhatWasRead(string text)
    {
        var expected = text.Replace("\"  z\",\" \"\"q\"\" \"", "z,\"\"\"q\"\"\"", StringComparison.Ordinal); // cells are trimmed
        TableWriter.Write(Read(text), PathOf("out.csv"));
        Assert.AreEqual(expected, File.ReadAllText(PathOf("out.csv")));
    }

    [TestMethod]
    [DynamicData(nameof(RealTables.Cases), typeof(RealTables))]
    public void WritesRealTablesSoThatTheyReadBackTheSame(string name)
    {
        var table = TableReader.Read(RealTables.Data(name));
        TableWriter.Write(table, PathOf("out.csv"));
        var again = TableReader.Read(PathOf("out.csv"), schema: SchemaFile.From(table.Schema));
        AssertSame(table, again);
    }

    [TestMethod]
    public void AnyTextsNumbersAndMomentsReadBackTheSame()
    {
        var texts = ArbMap.Default.ArbFor<string>().Generator.Select(Storable).ArrayOf(20);
        var numbers = ArbMap.Default.ArbFor<NormalFloat>().Generator.Select(f => f.Item).ArrayOf(20);
        var moments = Gen.Choose(int.MinValue, int.MaxValue).Select(i => i * 115.0).ArrayOf(20);
        Prop.ForAll(texts.ToArbitrary(), numbers.ToArbitrary(), moments.ToArbitrary(), (t, n, m) => RoundTrips(t, n, m))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [TestMethod]
    [DataRow(2, "0.00", 1.005, "1.00")]
    [DataRow(2, "0.00", -0.001, "0.00")]
    [DataRow(2, null, 1.5, "1.5")]
    [DataRow(2, "0.0#", 3, "3.0")]
    [DataRow(0, null, 3.7, "4")]
    [DataRow(2, null, 1e17, "100000000000000000")]
    [DataRow(null, null, 1e-7, "1E-07")]
    [DataRow(null, "0.0", 5, "5.0")]
    [DataRow(15, null, 0.000000000000001, "0.000000000000001")]
    public void RoundsToItsPlaces(int? places, string? format, double value, string expected)
    {
        var column = new ColumnSchema { Name = "v", Kind = ColumnKind.Decimal, DecimalPlaces = places, Format = format };
        Assert.AreEqual(expected, Written(new NumericColumn(column, [value])));
    }

    [TestMethod]
    public void MomentsOutOfRangeAreCutToTheYears0To9999()
    {
        var column = new ColumnSchema { Name = "v", Kind = ColumnKind.Date };
        Assert.AreEqual("9999-12-31\n0000-01-01", Written(new NumericColumn(column, [1e15, -1e15])));
    }

    [TestMethod]
    public void ChunksMayHaveTheirOwnDictionaries()
    {
        var schema = new ColumnSchema { Name = "v", Kind = ColumnKind.Categorical };
        var table = new TableSchema { Columns = [schema] };
        using var stream = new MemoryStream();
        using (var writer = new TableWriter(stream, table, new WriteOptions { Header = false }))
        {
            writer.Write(new Table(table, [new CodedColumn(schema, [0, 1], ["a", "b"])]));
            writer.Write(new Table(table, [new CodedColumn(schema, [1, 0], ["c", "d"])]));
        }

        Assert.AreEqual("a\nb\nd\nc\n", Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static string Written(Column column)
    {
        var schema = new TableSchema { Columns = [column.Schema] };
        using var stream = new MemoryStream();
        using (var writer = new TableWriter(stream, schema, new WriteOptions { Header = false }))
        {
            writer.Write(new Table(schema, [column]));
        }

        return Encoding.UTF8.GetString(stream.ToArray()).TrimEnd('\n');
    }

    // What the reader keeps: no white space around, none of the spellings of a missing value, no NUL, valid Unicode.
    private static string Storable(string? text)
    {
        var valid = new string([.. (text ?? "").Where(c => !char.IsSurrogate(c) && c >= ' ' || c is '\n' or '\t')]).Trim();
        return NullText.IsNull(Encoding.UTF8.GetBytes(valid)) ? "text" : valid;
    }

    private bool RoundTrips(string[] texts, double[] numbers, double[] moments)
    {
        var values = texts.Distinct().ToArray();
        ColumnSchema[] columns =
        [
            new() { Name = "t", Kind = ColumnKind.Categorical, Nullable = true },
            new() { Name = "n", Kind = ColumnKind.Decimal, Nullable = true },
            new() { Name = "m", Kind = ColumnKind.DateTime, Format = "yyyy-MM-dd HH:mm:ss", Nullable = true },
        ];
        var schema = new TableSchema { Columns = columns };
        var table = new Table(schema,
        [
            new CodedColumn(columns[0], [.. texts.Select(t => Array.IndexOf(values, t))], values),
            new NumericColumn(columns[1], numbers),
            new NumericColumn(columns[2], [.. moments.Select(m => m > 2.5e11 ? 0 : m < -6e10 ? double.NaN : m)]),
        ]);
        TableWriter.Write(table, PathOf("p.csv"));
        AssertSame(table, TableReader.ReadAs(PathOf("p.csv"), schema));
        return true;
    }

    private static void AssertSame(Table expected, Table actual)
    {
        CollectionAssert.AreEqual(expected.Schema.Columns.ToArray(), actual.Schema.Columns.ToArray());
        foreach (var column in expected.Columns)
        {
            if (column is NumericColumn numbers)
            {
                CollectionAssert.AreEqual(numbers.Values, ((NumericColumn)actual[column.Name]).Values, column.Name);
                continue;
            }

            for (var row = 0; row < column.Count; row++)
            {
                Assert.AreEqual(((CodedColumn)column).Text(row), ((CodedColumn)actual[column.Name]).Text(row), $"{column.Name}, row {row}");
            }
        }
    }
}
