namespace SynthStudio.Tabular.Tests.Profiling;

[TestClass]
public sealed class RowFingerprintTests : FileTest
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    [TestMethod]
    public void HashesAsItsAuthorsPublished()
    {
        byte[] input = [.. Enumerable.Range(0, 15).Select(i => (byte)i)];
        Assert.AreEqual(0xa129ca6149be45e5, new SipHash(Key).Of(input), "SipHash paper, appendix A.");
    }

    [TestMethod]
    public void RowsAreTheSameInAnyOrderUnderAnyNamesInAnyFormat()
    {
        var table = Of("a,b\n1,x\n2,y\n,z\n");
        CollectionAssert.AreEqual(table.Values.ToList(), Of("n;m\nz;\ny;2\nx;1\nx;1\n").Values.ToList());
        Assert.IsTrue(table.IsWhole);
        Assert.HasCount(3, table.Values);
    }

    [TestMethod]
    public void OtherRowsAndOtherKeysDiffer()
    {
        var table = Of("a,b\n1,x\n2,y\n").Values.ToList();
        Assert.IsEmpty(table.Intersect(Of("a,b\n1,y\n2,x\n").Values), "Cells belong to their rows.");
        Assert.IsEmpty(table.Intersect(RowFingerprints.Of(Save("a,b\n1,x\n2,y\n"), null, new byte[16]).Values));
    }

    [TestMethod]
    public void OfManyRowsTheSmallestAreKeptAndThePartHasItsShare()
    {
        string Rows(int count) => "a\n" + string.Concat(Enumerable.Range(0, count).Select(i => $"r{i}\n"));
        var all = Of(Rows(30_000));
        var part = Of(Rows(10_000));
        Assert.AreEqual((4096, false), (all.Values.Count, all.IsWhole));
        var below = part.Values.Where(v => v <= all.Values[^1]).ToList();
        Assert.IsEmpty(below.Except(all.Values), "Every row of the part that is small enough is among those of the whole.");
        Assert.AreEqual(1.0 / 3, below.Count / 4096.0, 0.05);
    }

    [TestMethod]
    public void EqualRowsAreCounted()
    {
        Assert.AreEqual(0, Of("a\n1\n2\n").Repeated);
        Assert.AreEqual(0.75, Of("a\n1\n1\n1\n2\n").Repeated);
        var codes = Of("a,b\n" + string.Concat(Enumerable.Range(0, 60_000).Select(i => i % 2 == 0 ? $"r{i},x\n" : $"c{i % 300},y\n")));
        Assert.AreEqual(0.5, codes.Repeated, 0.08, "Half of the rows are one of a few, told from the smallest 4096.");
    }

    [TestMethod]
    [DataRow(3, 30_000, 100)]
    [DataRow(200, 500, 500)]
    [DataRow(5_000, 40, 4_000)]
    public void TheyStaySmallWhateverTheTable(int columns, int rows, int mostKilobytes)
    {
        var names = string.Join(',', Enumerable.Range(0, columns).Select(c => $"c{c}"));
        var text = new System.Text.StringBuilder(names).Append('\n');
        for (var row = 0; row < rows; row++) text.AppendJoin(',', Enumerable.Range(0, columns).Select(c => $"{(row * 31) + c}")).Append('\n');

        Assert.IsLessThan(mostKilobytes * 1000, Of(text.ToString()).ToJson().Length);
    }

    [TestMethod]
    public void TheProfileMakesThemOnTheWay()
    {
        var path = Save("a,b\n1,x\n2,y\n");
        var onTheWay = new RowFingerprints(Key);
        Profiler.Profile(path, options: new ProfileOptions { Fingerprints = onTheWay });
        Assert.AreEqual(RowFingerprints.Of(path, null, Key).ToJson(), onTheWay.ToJson());
    }

    private RowFingerprints Of(string text) => RowFingerprints.Of(Save(text), null, Key);
}
