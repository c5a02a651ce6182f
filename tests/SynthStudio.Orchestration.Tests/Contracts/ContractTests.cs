namespace SynthStudio.Orchestration.Tests;

/// <summary>
/// In a rolling upgrade silos of two versions are one cluster, and a new one reads what an old one stored. What they must agree on is written down beside
/// this test: a change of it is seen before it meets a cluster.
/// </summary>
[TestClass]
public sealed class ContractTests
{
    private const string Rules = """
        A silo of the version before still sends, reads and stores it, and the other way round: nothing may be renamed, renumbered, retyped or taken away.
        Keep what is there, give what is new the next free number, and let its default mean what was meant before it existed. A call with other parameters is
        a new call. Only where no version that knows the line can run beside this one may it go.
        """;

    [TestMethod]
    public void Silos_of_the_version_before_understand_this_one() => AssertKept("grains.txt", GrainContracts.Lines());

    [TestMethod]
    public void Orders_and_answers_of_workers_keep_their_numbers_names_and_types() => AssertKept("worker.txt", WorkerContract.Lines());

    [TestMethod]
    public void Every_type_that_is_sent_has_a_name_of_its_own_and_every_call_too()
    {
        var lines = GrainContracts.Lines();
        Assert.IsGreaterThan(200, lines.Count);
        var nameless = lines.Where(l => l.Contains("(no ", StringComparison.Ordinal)
            || !(l.StartsWith("synthstudio.", StringComparison.Ordinal) || l.StartsWith("grain synthstudio.", StringComparison.Ordinal)));
        Assert.AreEqual("", string.Join(Environment.NewLine, nameless));
        CollectionAssert.AllItemsAreUnique(lines.ToList());
    }

    [TestMethod]
    [DataRow("s.A member 0 X int", "s.A member 0 X long", "is gone or is another", DisplayName = "a type")]
    [DataRow("s.A member 0 X int", "s.A member 1 X int", "is gone or is another", DisplayName = "a number")]
    [DataRow("s.A member 0 X int", "s.A member 0 Y int", "is gone or is another", DisplayName = "a name, which the catalog's JSON has")]
    [DataRow("s.A member 0 X int", "", "is gone or is another", DisplayName = "nothing of it left")]
    [DataRow("", "s.A member 0 X int", "is new", DisplayName = "an addition that is not written down")]
    public void A_change_is_found(string before, string after, string found)
    {
        var report = Compare(Split(before), Split(after));
        Assert.Contains(found, report);
        Assert.AreEqual("", Compare(Split(before), Split(before)));

        static string[] Split(string text) => text.Length == 0 ? [] : [text];
    }

    private static void AssertKept(string file, IReadOnlyList<string> lines)
    {
        var written = Path.Combine(AppContext.BaseDirectory, "Contracts", file);
        if (Compare(File.ReadAllLines(written), lines) is not { Length: > 0 } report) return;

        var now = Path.Combine(AppContext.BaseDirectory, $"now-{file}");
        File.WriteAllLines(now, lines);
        Assert.Fail($"{report}{Environment.NewLine}When that is as it must be: cp {now} tests/SynthStudio.Orchestration.Tests/Contracts/{file}");
    }

    private static string Compare(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var (gone, fresh) = (before.Except(after).ToList(), after.Except(before).ToList());
        return string.Join(Environment.NewLine,
        [
            .. gone.Select(l => $"is gone or is another: {l}"), .. gone.Count > 0 ? [Rules] : Array.Empty<string>(),
            .. fresh.Select(l => $"is new, and is to be written down: {l}"),
        ]);
    }
}
