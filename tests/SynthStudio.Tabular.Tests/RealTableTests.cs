using System.Globalization;
using SynthStudio.Tests;

namespace SynthStudio.Tabular.Tests;

[TestClass]
public sealed class RealTableTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DynamicData(nameof(RealTables.Cases), typeof(RealTables))]
    public void ReadsWithItsSchema(string name)
    {
        var schema = RealTables.Schema(name);
        var table = TableReader.Read(RealTables.Data(name), schema: schema);

        Assert.HasCount(schema.Columns.Count(c => c.Kind != DeclaredKind.Ignored), table.Columns);
        Assert.AreEqual(schema.Target, table.Schema.Target);
        foreach (var column in schema.Columns.Where(c => c.Kind != DeclaredKind.Ignored))
        {
            Assert.AreEqual(column.Kind is DeclaredKind.Numerical or DeclaredKind.DateTime, table[column.Name] is NumericColumn, column.Name);
        }
    }

    [TestMethod]
    [DynamicData(nameof(RealTables.Cases), typeof(RealTables))]
    public void InfersWhatTheSchemaSays(string name)
    {
        var (table, columns) = TableReader.ReadWithReasons(RealTables.Data(name));
        foreach (var (column, reason) in columns)
        {
            TestContext.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{column} {reason}"));
        }

        foreach (var column in RealTables.Schema(name).Columns.Where(c => c.Kind is DeclaredKind.Numerical or DeclaredKind.DateTime))
        {
            Assert.IsTrue(table[column.Name] is NumericColumn, $"{column.Name} is {table[column.Name].Schema}");
        }
    }

    /// <summary>
    /// Census, cards, web sessions, taxi rides and houses hold nobody's name or number; of an advertisement the
    /// host's name, and what is said of places in words.
    /// </summary>
    [TestMethod]
    [DynamicData(nameof(RealTables.Cases), typeof(RealTables))]
    public void RaisesNoFalseAlarmOfPersonalData(string name)
    {
        var found = Profiler.Profile(RealTables.Data(name)).Columns
            .SelectMany(c => c.PersonalData.Select(f => $"{c.Name}: {f.Kind} {f.Form} {f.Confidence} {string.Join("; ", f.Reasons)}")).ToList();
        found.ForEach(TestContext.WriteLine);
        found.RemoveAll(f => name.StartsWith("airbnb", StringComparison.Ordinal) && f.StartsWith("host_name: PersonName", StringComparison.Ordinal));
        Assert.IsEmpty(found, string.Join("\n", found));
    }

    [TestMethod]
    public void TakesAQuestionMarkForACategoryButNotForANumber()
    {
        var table = TableReader.Read(RealTables.Data(MadeTable.Name), schema: RealTables.Schema(MadeTable.Name));
        Assert.AreEqual(1_500, table.RowCount);
        Assert.Contains("?", ((CodedColumn)table["ward"]).Values);
        Assert.IsFalse(Enumerable.Range(0, table.RowCount).Any(table["ward"].IsMissing));
        Assert.IsTrue(Enumerable.Range(0, table.RowCount).Any(table["income"].IsMissing));
    }
}
