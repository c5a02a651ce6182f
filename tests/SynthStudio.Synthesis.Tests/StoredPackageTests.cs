using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

/// <summary>
/// Packages that were written on 2026-12-01, of 240 made orders of a shop, by each method: whatever changes in how models are stored, these are read. A
/// later form of packages gets files of its own beside them; these are never written anew.
/// </summary>
[TestClass]
public sealed class StoredPackageTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Packages");

    private static readonly string[] Cities = ["Oslo", "Bergen", "Tromsø"], Notes = ["ring twice", "leave at door", "gift", "no bag"];

    public static IEnumerable<object[]> Stored => Directory.EnumerateFiles(Folder).Select(file => new object[] { Path.GetFileNameWithoutExtension(file) });

    [TestMethod]
    public void Every_method_that_learns_has_one() => CollectionAssert.AreEquivalent(
        Synthesizers.All.Select(method => method.Method).Except(["auto", "schema"]).ToArray(), Stored.Select(stored => (string)stored[0]).ToArray());

    [TestMethod]
    [DynamicData(nameof(Stored))]
    public void A_package_of_before_is_read_and_drawn_from(string method)
    {
        using var file = File.OpenRead(Path.Combine(Folder, $"{method}.synth"));
        using var model = Synthesizers.Load(file, Device.Cpu);
        var rows = model.Sample(new SampleRequest { Rows = 60, Seed = 1 }, CancellationToken.None).ToList();

        Assert.AreEqual(method, model.Method);
        Assert.AreEqual(60, rows.Sum(chunk => chunk.RowCount));
        foreach (var chunk in rows)
        {
            Assert.IsTrue(Texts(chunk, "city").All(Cities.Contains));
            Assert.IsTrue(Texts(chunk, "note").All(Notes.Contains));
            Assert.IsTrue(Numbers(chunk, "items").All(items => items is >= 1 and <= 9 && items == Math.Floor(items)));
            Assert.IsTrue(Numbers(chunk, "lat").All(latitude => latitude is >= 59 and <= 60));
            Assert.IsTrue(Numbers(chunk, "amount").Any(amount => amount > 0));
        }
    }

    // Private models may draw missing cells where there were none: whether there are any is noisy as well.
    private static IEnumerable<string> Texts(Table table, string column)
    {
        var coded = (CodedColumn)table[column];
        return Enumerable.Range(0, table.RowCount).Select(coded.Text).OfType<string>();
    }

    private static IEnumerable<double> Numbers(Table table, string column) => ((NumericColumn)table[column]).Values.Where(value => !double.IsNaN(value));
}
