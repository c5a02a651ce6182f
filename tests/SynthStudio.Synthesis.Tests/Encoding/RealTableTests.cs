using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Encoding;

/// <summary>Public tables, learned with inferred kinds, come out valid. No claim about quality: the network's training is cut short.</summary>
/// <remarks>
/// Null rates of the network are off by .027 on housing_at after 300 steps, elsewhere by less than .01; trained for 150 s it keeps those of housing_at to .009.
/// So it makes more steps there. It learns some of the rows of a long table, as refining all of them takes minutes; the other methods learn
/// the whole table.
/// </remarks>
[TestClass]
public sealed class RealTableTests : IDisposable
{
    private const int Rows = 12_000;

    /// <summary>Rows that the network learns, at most, and those that it draws.</summary>
    private const int LearnedRows = 10_000, DrawnRows = 8_000;

    private readonly string folder = Directory.CreateTempSubdirectory("real-table-").FullName;

    [TestMethod]
    [DynamicData(nameof(RealTables.Cases), typeof(RealTables))]
    public void Types_ranges_spellings_missing_values_and_keys_are_right(string name, string method)
    {
        var isNetwork = method == "autoregressive";
        var whole = TableReader.Read(RealTables.Data(name));
        var train = isNetwork && whole.RowCount > LearnedRows ? Spread(whole) : whole;
        using var model = isNetwork ? AutoregressiveTests.Fit(train, steps: name == "housing_at" ? 800 : 300) : Methods.Fit(method, train);
        var drawn = Methods.Draw(model, isNetwork ? DrawnRows : Rows);
        var file = Path.Combine(folder, "drawn.csv");
        TableWriter.Write(drawn, file);

        // Read by itself, what was written has the kinds and the spellings of the source.
        var again = TableReader.Read(file);
        foreach (var (before, after) in train.Columns.Zip(again.Columns))
        {
            Assert.AreEqual(before.Name, after.Name);
            Assert.AreEqual(before.Schema.Kind, after.Schema.Kind, before.Name);
            if (before.Schema.Kind != ColumnKind.Decimal) Assert.AreEqual(before.Schema.Format, after.Schema.Format, before.Name);
            Assert.IsLessThanOrEqualTo(before.Schema.DecimalPlaces ?? 99, after.Schema.DecimalPlaces ?? 0, before.Name);
            Assert.AreEqual(MissingShare(before), MissingShare(after), isNetwork ? 0.03 : 0.01, before.Name);
            CheckValues(before, after);
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void CheckValues(Column before, Column after)
    {
        switch (before, after)
        {
            case (NumericColumn seen, NumericColumn made):
                var (least, most) = (seen.Values.Where(double.IsFinite).Min(), seen.Values.Where(double.IsFinite).Max());
                Assert.IsTrue(made.Values.All(v => double.IsNaN(v) || (v >= least && v <= most)), before.Name);
                break;
            case (CodedColumn seen, CodedColumn made) when before.Schema.Kind == ColumnKind.Identifier:
                Assert.HasCount(made.Count, made.Codes.Distinct(), before.Name);
                Assert.IsEmpty(made.Values.Intersect(seen.Values), before.Name);
                break;
            case (CodedColumn seen, CodedColumn made) when before.Schema.Kind is ColumnKind.Categorical or ColumnKind.Boolean:
                Assert.IsEmpty(made.Values.Except(seen.Values), before.Name);
                break;
        }
    }

    /// <summary><see cref="LearnedRows"/> of its rows, from the first to the last at equal distances.</summary>
    private static Table Spread(Table table) =>
        table.Take([.. Enumerable.Range(0, LearnedRows).Select(row => (int)((long)row * table.RowCount / LearnedRows))]);

    private static double MissingShare(Column column) => Enumerable.Range(0, column.Count).Share(column.IsMissing);
}
