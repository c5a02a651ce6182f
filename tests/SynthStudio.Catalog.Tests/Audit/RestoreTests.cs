using SynthStudio.Catalog.Audit;

namespace SynthStudio.Catalog.Tests.Audit;

/// <summary>An older copy of the database that was put back is accepted by who says so and why, and the trail tells of it for good.</summary>
[TestClass]
public sealed class RestoreTests
{
    private const string Why = "Backup of 02:00 put back after a disk died";

    private static readonly AuditEvent Accepts = new() { Actor = "users/admin", Method = "AuditService/AcceptAuditRestore", Resource = AuditFixture.Chain, Outcome = "OK" };

    [TestMethod]
    [DataRow(Provider.Sqlite, 2)]
    [DataRow(Provider.Sqlite, 6)] // With more entries since then than were lost.
    [DataRow(Provider.Postgres, 2)]
    [DataRow(Provider.Postgres, 6)]
    public async Task An_accepted_restore_says_what_was_lost_and_the_trail_goes_on_signed(Provider provider, int since)
    {
        await using var fixture = await RestoredAsync(provider);
        var lost = await fixture.Anchor.FindAsync($"audit/{AuditFixture.Chain}", default);
        await fixture.WriteAsync(since);
        await fixture.AnchorAsync();
        Assert.IsFalse((await fixture.Trail.VerifyAsync(AuditFixture.Chain)).IsSound);

        var asked = await AcceptAsync(fixture, lastKept: 5, checkOnly: true);
        Assert.AreEqual((0, "Lines 6 to 8, which were signed, are lost."), (asked.Sequence, asked.Restore.Lost));
        Assert.IsFalse((await fixture.Trail.VerifyAsync(AuditFixture.Chain)).IsSound, "Only asked.");
        var accepted = await AcceptAsync(fixture, lastKept: 5);

        var sequence = Math.Max(5 + since, 8) + 1;
        Assert.AreEqual(sequence, accepted.Sequence, "Beyond what was lost, and what there is.");
        await ExpectAsync(lines: 5 + since + 1, anchored: sequence);
        await fixture.WriteAsync(3);
        await fixture.AnchorAsync();
        await ExpectAsync(lines: 5 + since + 4, anchored: sequence + 3);
        await using var other = fixture.Open(); // Another process looks the end up, and goes on from it.
        await other.AppendAsync(AuditFixture.Chain, AuditFixture.Event(9));
        await other.AnchorAsync();
        await ExpectAsync(lines: 5 + since + 5, anchored: sequence + 4);
        Assert.AreEqual(AuditRestoreRefusal.NothingLost, (await RefusedAsync(fixture)).Refusal, "Once is enough.");

        await fixture.TamperAsync("DELETE FROM audit_entries WHERE sequence = @sequence", ("@sequence", sequence));
        Assert.IsFalse((await fixture.Trail.VerifyAsync(AuditFixture.Chain)).IsSound, "It cannot be taken out again.");

        async Task ExpectAsync(long lines, long anchored)
        {
            var found = await fixture.Trail.VerifyAsync(AuditFixture.Chain);
            Assert.AreEqual("", string.Join("; ", found.Faults.Select(fault => fault.Description)));
            Assert.AreEqual((lines, anchored), (found.Lines, found.Anchored));
            var restore = found.Restores.Single();
            Assert.AreEqual(
                (sequence, "users/admin", Why, 5, true),
                (restore.Sequence, restore.Actor, restore.Restore.Why, restore.Restore.LastKept, restore.Restore.IsSaid));
            Assert.AreEqual(
                (lost!.Value.Sequence, lost.Value.Hash),
                (restore.Restore.Signed.Sequence,
                 Convert.ToHexStringLower(restore.Restore.Signed.Hash) + Convert.ToHexStringLower(restore.Restore.Signed.Signature)),
                "The end that was signed is kept.");
        }
    }

    [TestMethod]
    public async Task What_is_no_restore_is_not_accepted()
    {
        await using var fixture = await AuditFixture.CreateAsync();
        Assert.AreEqual(AuditRestoreRefusal.NothingLost, (await RefusedAsync(fixture)).Refusal, "Nothing was ever signed.");
        await fixture.WriteAsync(8);
        await fixture.AnchorAsync();
        Assert.AreEqual(AuditRestoreRefusal.NothingLost, (await RefusedAsync(fixture)).Refusal);

        await fixture.TamperAsync("UPDATE audit_entries SET line = replace(line, 'users/u', 'users/x') WHERE sequence = 3");
        Assert.AreEqual(AuditRestoreRefusal.Unsound, (await RefusedAsync(fixture)).Refusal);
        await fixture.TamperAsync("UPDATE audit_entries SET line = replace(line, 'users/x', 'users/u') WHERE sequence = 3; DELETE FROM audit_entries WHERE sequence > 6");
        Assert.AreEqual(AuditRestoreRefusal.Unsound, (await RefusedAsync(fixture)).Refusal, "The end says that there were more.");

        await fixture.ForgeAsync(line => line, take: 5);
        foreach (var kept in (long[])[-1, 6]) Assert.AreEqual(AuditRestoreRefusal.LastKept, (await RefusedAsync(fixture, kept)).Refusal);
        await fixture.Anchor.AdvanceAsync([($"audit/{AuditFixture.Chain}", new LedgerHead(9, new string('0', 192)))], default);
        Assert.AreEqual(AuditRestoreRefusal.Unsound, (await RefusedAsync(fixture)).Refusal, "That is no end that the server signed.");
        Assert.AreEqual(5, (await fixture.Trail.VerifyAsync(AuditFixture.Chain)).Lines, "Nothing was written.");
    }

    [TestMethod]
    public async Task Where_it_is_not_said_what_the_copy_had_the_least_that_is_lost_is()
    {
        await using var fixture = await RestoredAsync(Provider.Sqlite);

        var accepted = await AcceptAsync(fixture, lastKept: null);

        Assert.AreEqual("Lines up to 8, which were signed, are lost, from line 6 on at the latest.", accepted.Restore.Lost);
    }

    [TestMethod]
    public async Task Who_writes_an_acceptance_into_the_database_has_accepted_nothing()
    {
        await using var fixture = await AuditFixture.CreateAsync();
        await fixture.WriteAsync(8);
        await fixture.AnchorAsync();
        var exported = (await fixture.Trail.VerifyAsync(AuditFixture.Chain)).Head!; // Any export has it.
        await fixture.ForgeAsync(line => line, take: 5);
        await ForgeAcceptanceAsync(fixture, exported);

        Assert.IsFalse((await fixture.Trail.VerifyAsync(AuditFixture.Chain)).IsSound);
        await fixture.WriteAsync(2);
        await fixture.AnchorAsync();
        Assert.AreEqual((false, 8), (await fixture.Trail.VerifyAsync(AuditFixture.Chain)) is var found ? (found.IsSound, found.Anchored) : default, "Its end is not signed.");
    }

    [TestMethod]
    public async Task An_acceptance_whose_evidence_the_server_did_not_sign_is_found()
    {
        await using var fixture = await AuditFixture.CreateAsync();
        await using var forger = await AuditFixture.CreateAsync(); // With a secret of its own.
        await forger.WriteAsync(8);
        await fixture.WriteAsync(5);
        await ForgeAcceptanceAsync(fixture, (await forger.Trail.VerifyAsync(AuditFixture.Chain)).Head!);

        var faults = (await fixture.Trail.VerifyAsync(AuditFixture.Chain)).Faults;
        CollectionAssert.AreEqual(new[] { AuditFaultKind.Forged, AuditFaultKind.Missing }, faults.Select(fault => fault.Kind).ToArray(), "It goes past no lines either.");
    }

    [TestMethod]
    public async Task An_exported_trail_tells_of_an_accepted_restore_without_the_server()
    {
        await using var fixture = await RestoredAsync(Provider.Sqlite);
        await AcceptAsync(fixture, lastKept: 5);
        var file = new List<string> { AuditExport.First(AuditFixture.Chain, fixture.Trail.PublicKeyPem) };
        await foreach (var (_, line, hash) in fixture.Trail.LinesAsync(AuditFixture.Chain)) file.Add(AuditExport.Line(line, hash));
        file.Add(AuditExport.Last((await fixture.Trail.VerifyAsync(AuditFixture.Chain)).Head!));

        var found = await CheckAsync(file);
        Assert.IsTrue(found.IsSound, string.Join("; ", found.Faults));
        Assert.AreEqual((9, Why), (found.Restores.Single().Sequence, found.Restores.Single().Restore.Why));
        Assert.IsFalse((await CheckAsync([.. file.Select(line => line.Replace("disk died", "cat died", StringComparison.Ordinal))])).IsSound);

        static Task<AuditFindings> CheckAsync(List<string> lines) => AuditExport.VerifyAsync(new StringReader(string.Join('\n', lines)), publicKeyPem: null);
    }

    /// <summary>Eight entries that were signed, of which a copy had five, which was put back.</summary>
    private static async Task<AuditFixture> RestoredAsync(Provider provider)
    {
        var fixture = await AuditFixture.CreateAsync(provider);
        await fixture.WriteAsync(8);
        await fixture.AnchorAsync();
        await fixture.ForgeAsync(line => line, take: 5);
        return fixture;
    }

    private static Task<AcceptedRestore> AcceptAsync(AuditFixture fixture, long? lastKept, bool checkOnly = false) =>
        fixture.Trail.AcceptRestoreAsync(AuditFixture.Chain, Accepts, Why, lastKept, checkOnly);

    private static Task<AuditRestoreException> RefusedAsync(AuditFixture fixture, long? lastKept = null) =>
        Assert.ThrowsExactlyAsync<AuditRestoreException>(() => AcceptAsync(fixture, lastKept));

    /// <summary>Puts an acceptance at the end, with the hashes that fit, as who can write into the database can.</summary>
    private static async Task ForgeAcceptanceAsync(AuditFixture fixture, AuditHead evidence)
    {
        var last = new byte[AuditLine.HashBytes];
        await foreach (var (_, _, hash) in fixture.Trail.LinesAsync(AuditFixture.Chain)) last = hash;
        var entry = new AuditEntry(
            evidence.Sequence + 1, TimeProvider.System.GetUtcNow(),
            Accepts with { Restore = new AuditRestore(evidence, 5, IsSaid: true, Why) });
        var line = AuditLine.Write(entry);
        AuditLine.Hash(last, line, last);
        await fixture.TamperAsync(
            "INSERT INTO audit_entries VALUES (@chain, @sequence, @line, @hash); UPDATE audit_chains SET head_sequence = @sequence, head_hash = @hash WHERE name = @chain",
            ("@chain", AuditFixture.Chain), ("@sequence", entry.Sequence), ("@line", line), ("@hash", last));
    }
}
