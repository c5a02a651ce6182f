using System.Globalization;

namespace SynthStudio.Tabular.Tests.Anonymity;

[TestClass]
public sealed class AnonymitySearchTests : FileTest
{
    [TestMethod]
    public void CountsASmallTableByHand()
    {
        var sets = Find("age,sex,zip\n30,f,1010\n30,f,1010\n30,m,1020\n40,m,1020\n40,m,\n40,f,1010\n", new AnonymityOptions { Columns = ["age", "sex", "zip"] });
        Assert.AreEqual((6L, 7), (sets.Rows, sets.Counted));
        Assert.AreEqual((2L, 0L, 3L, 6L), Figures(sets, "age"));
        Assert.AreEqual((3L, 1L, 1L, 6L), Figures(sets, "zip"));
        Assert.AreEqual((4L, 2L, 1L, 6L), Figures(sets, "age", "sex"));
        Assert.AreEqual((5L, 4L, 1L, 6L), Figures(sets, "age", "sex", "zip"));
    }

    /// <summary>Every set of up to four columns beside plain grouping.</summary>
    [TestMethod]
    public void AgreesWithPlainGrouping()
    {
        var random = new Random(4);
        string[] names = ["a", "b", "c", "d", "e", "f"];
        var rows = Enumerable.Range(0, 3000)
            .Select(_ => names.Select((_, c) => random.Next(0, 2 + (c * c * 40)) is var v && v == 1 ? "" : $"{v}").ToArray()).ToList();
        var sets = Find($"{string.Join(',', names)}\n{string.Join('\n', rows.Select(r => string.Join(',', r)))}\n", new AnonymityOptions { Columns = names, MostColumns = 4, Shown = 100 });
        Assert.AreEqual(6 + 15 + 20 + 15, sets.Counted);
        Assert.HasCount(sets.Counted, sets.Sets);
        foreach (var set in sets.Sets)
        {
            var places = set.Columns.Select(c => Array.IndexOf(names, c)).ToArray();
            var groups = rows.GroupBy(r => string.Join('|', places.Select(p => r[p]))).Select(g => (long)g.Count()).ToList();
            Assert.AreEqual(
                (groups.Count, groups.Count(g => g == 1), groups.Min(), groups.Where(g => g < 5).Sum()),
                (set.Groups, set.UniqueRows, set.SmallestGroup, set.RowsBelowFive), string.Join(' ', set.Columns));
            Assert.AreEqual(set.RowsBelowFive / 3000.0, set.ShareBelowFive, 1e-12);
        }

        Assert.IsTrue(
            sets.Sets.Where(s => s.Columns.Count == 2).Zip(sets.Sets.Where(s => s.Columns.Count == 2).Skip(1))
                .All(p => p.First.UniqueRows >= p.Second.UniqueRows),
            "The most telling first.");
    }

    [TestMethod]
    public void LeavesKeysAndConstantsOutAndKeepsToItsBoundOfWork()
    {
        var text = "id,one,few,more\n" + string.Join('\n', Enumerable.Range(0, 400).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},x,{i % 3},{i % 90}"))) + "\n";
        var all = Find(text, new AnonymityOptions());
        CollectionAssert.AreEqual(new[] { "few", "more" }, all.Examined.ToArray());
        CollectionAssert.AreEqual(new[] { "id", "one" }, all.LeftOut.ToArray());
        var bounded = Find(text, new AnonymityOptions { Work = 800, MostColumns = 1 });
        CollectionAssert.AreEqual(new[] { "few", "more" }, bounded.Examined.ToArray());
        bounded = Find(text, new AnonymityOptions { Work = 400, MostColumns = 1 });
        CollectionAssert.AreEqual(new[] { "more" }, bounded.Examined.ToArray());
        Assert.DoesNotContain("89", bounded.ToJson(), "No value of the table.");
    }

    [TestMethod]
    public void RefusesWhatItCannotHoldOrDoesNotKnow()
    {
        Refused(TableError.UnknownColumn, () => Find("a,b\n1,2\n", new AnonymityOptions { Columns = ["c"] }));
        Refused(TableError.TooManyRows, () => Find("a,b\n1,2\n3,4\n", new AnonymityOptions { MostCells = 3 }));
    }

    private IdentifyingSets Find(string text, AnonymityOptions options) => AnonymitySearch.Find(Save(text), null, options);

    private static (long Groups, long Unique, long Smallest, long Below) Figures(IdentifyingSets sets, params string[] columns)
    {
        var set = sets.Sets.Single(s => s.Columns.SequenceEqual(columns));
        return (set.Groups, set.UniqueRows, set.SmallestGroup, set.RowsBelowFive);
    }
}
