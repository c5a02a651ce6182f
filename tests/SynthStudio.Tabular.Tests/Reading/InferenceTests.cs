using System.Globalization;

namespace SynthStudio.Tabular.Tests.Reading;

/// <summary>Which kind a column of such values is taken for.</summary>
[TestClass]
public sealed class InferenceTests : FileTest
{
    private static string[] Cycle(params string[] values) => [.. Enumerable.Range(0, 60).Select(i => values[i % values.Length])];

    private ColumnSchema Infer(IEnumerable<string> values, string name = "v") =>
        Read(Lines(values).Replace("v\n", name + "\n", StringComparison.Ordinal)).Columns[0].Schema;

    [TestMethod]
    [DataRow("5,3,-7", ColumnKind.Integer)]
    [DataRow("5,,?", ColumnKind.Integer)]
    [DataRow("5.0,3.0,7.0", ColumnKind.Integer)]
    [DataRow("5.25,3,7", ColumnKind.Decimal)]
    [DataRow("1e-05,3.5,2E+3", ColumnKind.Decimal)]
    [DataRow("1.5,inf,-Infinity", ColumnKind.Decimal)]
    [DataRow("007,011,123", ColumnKind.Categorical)]
    [DataRow("+43,+49,+1", ColumnKind.Categorical)]
    [DataRow("12345678901234567890,12345678901234567891", ColumnKind.Categorical)]
    [DataRow("$5,$7", ColumnKind.Integer)]
    [DataRow("$5,7", ColumnKind.Categorical)]
    [DataRow("$5,€7", ColumnKind.Categorical)]
    [DataRow("10%,20%,30%", ColumnKind.Integer)]
    [DataRow("5,3,abc", ColumnKind.Categorical)]
    [DataRow("True,False", ColumnKind.Boolean)]
    [DataRow("yes,NO,", ColumnKind.Categorical)]
    [DataRow("yes,no,", ColumnKind.Boolean)]
    [DataRow("0,1,1", ColumnKind.Boolean)]
    [DataRow("1,1,1", ColumnKind.Integer)]
    [DataRow("x,x,x", ColumnKind.Categorical)]
    [DataRow("NA,NULL,", ColumnKind.Categorical)]
    [DataRow("2024-02-29,1900-01-01,9999-12-31,0000-01-01", ColumnKind.Date)]
    [DataRow("29.02.2024,1.3.2024", ColumnKind.Date)]
    [DataRow("2024-02-29 10:00:00,2024-02-29 10:00:01", ColumnKind.DateTime)]
    [DataRow("2024-02-29T10:00:00Z,2024-02-29T10:00:00+02:00", ColumnKind.DateTime)]
    [DataRow("2/29/2024 1:05 PM,12/1/2024 11:00 AM", ColumnKind.DateTime)]
    [DataRow("10:30,23:59", ColumnKind.Time)]
    [DataRow("2024-02-30,2024-02-31", ColumnKind.Categorical)]
    [DataRow("1.2.3,4.5.6", ColumnKind.Categorical)]
    public void RecognisesKinds(string values, ColumnKind kind)
    {
        if (values == "yes,NO,")
        {
            kind = ColumnKind.Boolean; // case does not matter
        }

        Assert.AreEqual(kind, Infer(Cycle(values.Split(','))).Kind);
    }

    [TestMethod]
    [DataRow("2024-02-29", "yyyy-MM-dd")]
    [DataRow("29.02.2024", "dd.MM.yyyy")]
    [DataRow("13/02/2024", "dd/MM/yyyy")]
    [DataRow("02/13/2024", "MM/dd/yyyy")]
    [DataRow("13-Feb-2024", "dd-MMM-yyyy")]
    [DataRow("February 13, 2024", "MMMM d, yyyy")]
    [DataRow("2024-02-29 10:00", "yyyy-MM-dd HH:mm")]
    [DataRow("2024-02-29T10:00:00.123", "yyyy-MM-ddTHH:mm:ss.fff")]
    [DataRow("2024-02-29 10:00:00.123456", "yyyy-MM-dd HH:mm:ss.ffffff")]
    [DataRow("2024-02-29T10:00:00Z", "yyyy-MM-ddTHH:mm:ssK")]
    [DataRow("2024-02-29 10:00:00+00", "yyyy-MM-dd HH:mm:sszz")]
    public void RemembersTheFormatOfDates(string value, string format) => Assert.AreEqual(format, Infer(Cycle($"\"{value}\"")).Format);

    [TestMethod]
    public void LearnsDecimalPlaces()
    {
        Assert.AreEqual(3, Infer(Cycle("1.5", "2.125", "3")).DecimalPlaces);
        Assert.AreEqual("0.00", Infer(Cycle("1.50", "2.12", "3.00")).Format);
        Assert.IsNull(Infer(Cycle("0.12345678901234567", "100.5")).DecimalPlaces);
        Assert.AreEqual(5, Infer(Cycle("1e-05", "0.5")).DecimalPlaces);
    }

    [TestMethod]
    public void TellsWholeNumbersWithAPoint() => Assert.AreEqual("0.0", Infer(Cycle("41.0", "7.0")).Format);

    [TestMethod]
    public void TakesNumberedRowsForAKey()
    {
        Assert.AreEqual(ColumnKind.Identifier, Infer(Enumerable.Range(1, 200).Select(i => $"{i}")).Kind);
        Assert.AreEqual(ColumnKind.Identifier, Infer(Enumerable.Range(1, 200).Select(i => $"{i * 977L % 100_003}"), "customerID").Kind);
        Assert.AreEqual(ColumnKind.Integer, Infer(Enumerable.Range(1, 200).Select(i => $"{i * 977L % 100_003}"), "income").Kind);
        Assert.AreEqual(ColumnKind.Decimal, Infer(Enumerable.Range(1, 200).Select(i => $"{i}.5"), "id").Kind);
    }

    [TestMethod]
    public void TakesKeysOfTextForKeys()
    {
        Assert.AreEqual(ColumnKind.Identifier, Infer(Enumerable.Range(0, 200).Select(i => new Guid(i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10).ToString())).Kind);
        Assert.AreEqual(ColumnKind.Identifier, Infer(Enumerable.Range(0, 200).Select(i => $"C{i:D5}")).Kind);
    }

    [TestMethod]
    public void TakesDistinctSentencesForText()
    {
        var random = new Random(5);
        Assert.AreEqual(ColumnKind.Text, Infer(Enumerable.Range(0, 300).Select(i => $"sentence {i} of {random.Next()}")).Kind);
    }

    [TestMethod]
    public void TellsWhetherValuesAreMissing()
    {
        Assert.IsFalse(Infer(Cycle("1", "2")).Nullable);
        Assert.IsTrue(Infer(Cycle("1", "?", "2")).Nullable);
        Assert.IsFalse(Infer(Cycle("a", "?", "b")).Nullable);
    }

    [TestMethod]
    public void DeclaredNumbersMayBeDressed()
    {
        var schema = SchemaFile.Parse("""{"columns": {"v": "numerical"}}""");
        var table = Read("v;w\n$1,234.50;1\n12,5;1\n1,234;1\n7 %;1\n007;1\n€ 1 000 000;1\n", schema);
        CollectionAssert.AreEqual(new[] { 1234.5, 12.5, 1234, 7, 7, 1_000_000 }, ((NumericColumn)table["v"]).Values);
    }

    [TestMethod]
    public void NumbersAreReadToTheLastBit()
    {
        var random = new Random(9);
        var values = Enumerable.Range(0, 2000).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-30, 30))).ToArray();
        var texts = values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)).ToArray();
        foreach (var text in texts)
        {
            Assert.AreEqual(NumberShape.Plain, NumberText.Read(System.Text.Encoding.UTF8.GetBytes(text)).Shape, text);
        }

        var (table, columns) = TableReader.ReadWithReasons(Save(Lines(texts)));
        Assert.AreEqual(ColumnKind.Decimal, columns[0].Schema.Kind, columns[0].Reason);
        CollectionAssert.AreEqual(values, ((NumericColumn)table["v"]).Values);
    }
}
