using SynthStudio.Catalog.Audit;

namespace SynthStudio.Catalog.Tests.Audit;

/// <summary>A call that changes something has an entry when it begins and one when it has ended, which names the first and nobody waits for.</summary>
[TestClass]
public sealed class CallTests
{
    /// <summary>A line as it was written before there were two entries of a call.</summary>
    private const string OldLine =
        """{"sequence":3,"time":1764500000000000,"actor":"users/u","method":"DatasetService/UpdateDataset","resource":"projects/p/datasets/d1","outcome":"OK","detail":"role=editor"}""";

    [TestMethod]
    [DataRow(Provider.Sqlite)]
    [DataRow(Provider.Postgres)]
    public async Task Who_reads_checks_or_signs_waits_for_what_is_on_its_way(Provider provider)
    {
        await using var fixture = await AuditFixture.CreateAsync(provider);
        for (var i = 1; i <= 40; i++)
        {
            var begun = await fixture.Trail.BeginAsync(AuditFixture.Chain, AuditFixture.Event(i));
            Assert.AreEqual((2 * i) - 1, begun.Sequence);
            fixture.Trail.End(begun, AuditFixture.Event(i));
            Assert.HasCount(2 * i, await fixture.Trail.ListAsync(AuditFixture.Chain, new AuditFilter(), null, 1000));
        }

        fixture.Trail.End(await fixture.Trail.BeginAsync(AuditFixture.Chain, AuditFixture.Event(41)), AuditFixture.Event(41));
        var lines = 0;
        await foreach (var _ in fixture.Trail.LinesAsync(AuditFixture.Chain)) lines++;
        fixture.Trail.End(await fixture.Trail.BeginAsync(AuditFixture.Chain, AuditFixture.Event(42)), AuditFixture.Event(42));
        var found = await fixture.Trail.VerifyAsync(AuditFixture.Chain);
        fixture.Trail.End(await fixture.Trail.BeginAsync(AuditFixture.Chain, AuditFixture.Event(43)), AuditFixture.Event(43));
        await fixture.AnchorAsync();

        Assert.AreEqual((82, 84, true), (lines, found.Lines, found.IsSound), string.Join("; ", found.Faults));
        Assert.AreEqual(86, (await fixture.Trail.VerifyAsync(AuditFixture.Chain)).Anchored);
    }

    [TestMethod]
    public async Task Numbers_are_those_of_the_lines_however_many_are_written_together()
    {
        await using var fixture = await AuditFixture.CreateAsync();

        var begun = await Task.WhenAll(Enumerable.Range(1, 300).Select(
            async i => (
                Number: i,
                Line: await fixture.Trail.BeginAsync(i % 3 == 0 ? AuditTrail.Server : AuditFixture.Chain, AuditFixture.Event(i)))));

        foreach (var chain in (string[])[AuditFixture.Chain, AuditTrail.Server])
        {
            var written = (await fixture.Trail.ListAsync(chain, new AuditFilter { Outcome = AuditEvent.BegunOutcome }, null, 1000))
                .ToDictionary(e => e.Sequence, e => e.Event.Resource);
            foreach (var (number, line) in begun.Where(b => b.Number % 3 == 0 == (chain == AuditTrail.Server)))
                Assert.AreEqual(AuditFixture.Event(number).Resource, written[line.Sequence]);
        }
    }

    [TestMethod]
    public async Task A_process_that_leaves_writes_what_is_on_its_way_and_one_that_died_leaves_what_began()
    {
        await using var fixture = await AuditFixture.CreateAsync();
        var other = fixture.Open();
        var first = await other.BeginAsync(AuditFixture.Chain, AuditFixture.Event(1));
        var second = await other.BeginAsync(AuditFixture.Chain, AuditFixture.Event(2)); // It dies before it hands over how this one ended.
        other.End(first, AuditFixture.Event(1));

        await other.DisposeAsync();

        var entries = await fixture.Trail.ListAsync(AuditFixture.Chain, new AuditFilter(), null, 10);
        CollectionAssert.AreEqual(
            new (long, string, long?)[] { (3, "OK", first.Sequence), (second.Sequence, "BEGUN", null), (first.Sequence, "BEGUN", null) },
            entries.Select(e => (e.Sequence, e.Event.Outcome, e.Event.Begun)).ToArray());
    }

    [TestMethod]
    public async Task An_outcome_that_the_database_refuses_is_tried_again_and_told_of_when_that_does_not_help()
    {
        await using var fixture = await AuditFixture.CreateAsync();
        var begun = await fixture.Trail.BeginAsync(AuditFixture.Chain, AuditFixture.Event(1));
        await fixture.TamperAsync("CREATE TRIGGER away BEFORE INSERT ON audit_entries WHEN NEW.line LIKE '%\"begun\":%' BEGIN SELECT RAISE(ABORT, 'away'); END");

        fixture.Trail.End(begun, AuditFixture.Event(1) with { Reason = "lost" });
        var only = (await fixture.Trail.ListAsync(AuditFixture.Chain, new AuditFilter(), null, 10)).Single();
        Assert.AreEqual((begun.Sequence, AuditEvent.BegunOutcome), (only.Sequence, only.Event.Outcome), "What began stays.");
        Assert.Contains($"which began as line {begun.Sequence} of the audit trail of {AuditFixture.Chain}, could not be written: OK", fixture.Errors.Single());

        fixture.Trail.End(begun, AuditFixture.Event(1));
        await fixture.TamperAsync("DROP TRIGGER away");
        var entries = await fixture.Trail.ListAsync(AuditFixture.Chain, new AuditFilter(), null, 10);
        Assert.AreEqual(("OK", begun.Sequence), (entries[0].Event.Outcome, entries[0].Event.Begun!.Value));
        Assert.HasCount(1, fixture.Errors);
        Assert.IsTrue((await fixture.Trail.VerifyAsync(AuditFixture.Chain)).IsSound);
    }

    [TestMethod]
    public async Task What_began_and_was_not_written_is_heard_by_who_began_it_and_by_no_reader()
    {
        await using var fixture = await AuditFixture.CreateAsync();
        await fixture.TamperAsync("CREATE TRIGGER away BEFORE INSERT ON audit_entries BEGIN SELECT RAISE(ABORT, 'away'); END");

        var begun = fixture.Trail.BeginAsync(AuditFixture.Chain, AuditFixture.Event(1));

        Assert.IsEmpty(await fixture.Trail.ListAsync(AuditFixture.Chain, new AuditFilter(), null, 10));
        await Assert.ThrowsAsync<System.Data.Common.DbException>(() => begun);
    }

    [TestMethod]
    public async Task An_end_names_its_beginning_in_the_hashed_line_and_older_lines_are_read_and_written_as_they_were()
    {
        await using var fixture = await AuditFixture.CreateAsync();
        await fixture.Trail.AppendAsync(AuditFixture.Chain, AuditFixture.Event(1) with { Detail = "role=editor", Begun = 7 });

        await foreach (var (_, line, _) in fixture.Trail.LinesAsync(AuditFixture.Chain)) Assert.EndsWith("\"detail\":\"role=editor\",\"begun\":7}", line);
        Assert.AreEqual(7, (await fixture.Trail.ListAsync(AuditFixture.Chain, new AuditFilter(), null, 1))[0].Event.Begun);
        Assert.IsNull(AuditLine.Read(OldLine).Event.Begun);
        Assert.AreEqual(OldLine, AuditLine.Write(AuditLine.Read(OldLine)));
    }
}
