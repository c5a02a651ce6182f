using System.Globalization;
using SynthStudio.Evaluation.Drift;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Tests;

[TestClass]
public sealed class DriftTests
{
    [TestMethod]
    public void TheSameTableDoesNotMove()
    {
        var table = Made(1, 2000, 0, "abc");
        var drift = DriftMeasure.Compare(table, table);
        Assert.AreEqual((2000L, 2000L, 0, 0), (drift.EarlierRows, drift.LaterRows, drift.AddedColumns.Count, drift.RemovedColumns.Count));
        foreach (var column in drift.Columns.Where(c => c.PopulationStabilityIndex is not null))
        {
            Assert.AreEqual(0, column.PopulationStabilityIndex!.Value, 1e-12, column.Name);
            Assert.AreEqual(0, column.JensenShannonDistance!.Value, 1e-6, column.Name);
        }
    }

    [TestMethod]
    public void TellsWhatMovedAndWhatIsNew()
    {
        var drift = DriftMeasure.Compare(Made(1, 2000, 0, "abc"), Made(2, 2000, 1, "abd"));
        var (number, category) = (drift.Columns.Single(c => c.Name == "number"), drift.Columns.Single(c => c.Name == "category"));
        // A normal column moved by one deviation: the greatest difference of the distribution functions is 2 Phi(1/2) - 1 = 0.383.
        Assert.AreEqual(0.383, number.KolmogorovSmirnov!.Value, 0.04);
        Assert.IsGreaterThan(0.25, number.PopulationStabilityIndex!.Value);
        Assert.AreEqual((1, 1), (category.NewCategories!.Value, category.LostCategories!.Value));
        Assert.AreEqual(1 / 3.0, category.NewCategoryShare!.Value, 0.04);
        var json = drift.ToJson();
        Assert.DoesNotContain("\"d\"", json, "No value of either version.");
        Assert.Contains("new_category_share", json);
    }

    [TestMethod]
    public void TellsColumnsThatCameAndWent()
    {
        var (before, after) = (Read("a,b\n1,x\n2,y\n"), Read("b,c\n5,1\n6,2\n"));
        var drift = DriftMeasure.Compare(before, after);
        Assert.AreEqual("c/a/b", $"{drift.AddedColumns.Single()}/{drift.RemovedColumns.Single()}/{drift.Columns.Single().Name}");
        Assert.AreEqual(("categorical", "integer", (double?)null), (drift.Columns[0].EarlierKind, drift.Columns[0].LaterKind, drift.Columns[0].PopulationStabilityIndex), "Of another kind: not comparable.");
    }

    /// <summary>Two bins by hand: shares 1/2 and 1/2 become 3/4 and 1/4, so the index is (1/4)(ln 3/2) + (-1/4)(ln 1/2).</summary>
    [TestMethod]
    public void TheStabilityIndexIsTheSumOverBins()
    {
        var drift = DriftMeasure.Compare(Rows("a", 200, "b", 200), Rows("a", 300, "b", 100));
        Assert.AreEqual((0.25 * Math.Log(1.5)) + (0.25 * Math.Log(2)), drift.Columns.Single(c => c.Name == "v").PopulationStabilityIndex!.Value, 1e-9);
    }

    private static Table Rows(string a, int na, string b, int nb) =>
        Read("v\n" + string.Concat(Enumerable.Repeat(a + "\n", na)) + string.Concat(Enumerable.Repeat(b + "\n", nb)));

    private static Table Made(int seed, int rows, double mean, string categories)
    {
        var random = new Random(seed);
        return Read("number,category\n" + string.Concat(Enumerable.Range(0, rows).Select(_ => string.Create(
            CultureInfo.InvariantCulture, $"{mean + (Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())):F4},{categories[random.Next(3)]}\n"))));
    }

    private static Table Read(string text)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            return TableReader.Read(path, "t.csv");
        }
        finally
        {
            File.Delete(path);
        }
    }
}
