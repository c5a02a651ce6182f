using System.Security.Cryptography;
using SynthStudio.Catalog.Audit;

namespace SynthStudio.Catalog.Tests.Audit;

/// <summary>Whoever can write into the database, but has not the server's secret, is found out.</summary>
[TestClass]
public sealed class TamperingTests
{
    private const string Swap = """
        UPDATE audit_entries SET sequence = -4 WHERE sequence = 4;
        UPDATE audit_entries SET sequence = 4 WHERE sequence = 5;
        UPDATE audit_entries SET sequence = 5 WHERE sequence = -4
        """;

    [TestMethod]
    [DataRow("UPDATE audit_entries SET line = replace(line, 'users/u', 'users/x') WHERE sequence = 3", 3L, AuditFaultKind.Changed, DisplayName = "an edit")]
    [DataRow("DELETE FROM audit_entries WHERE sequence = 5", 5L, AuditFaultKind.Missing, DisplayName = "a deletion")]
    [DataRow("DELETE FROM audit_entries WHERE sequence = 1", 1L, AuditFaultKind.Missing, DisplayName = "the first one deleted")]
    [DataRow("DELETE FROM audit_entries WHERE sequence > 6", 8L, AuditFaultKind.Missing, DisplayName = "the end cut off")]
    [DataRow(Swap, 4L, AuditFaultKind.Changed, DisplayName = "another order")]
    [DataRow("DELETE FROM audit_entries; DELETE FROM audit_chains", 8L, AuditFaultKind.Missing, DisplayName = "everything deleted")]
    [DataRow("UPDATE audit_entries SET hash = (SELECT hash FROM audit_entries WHERE sequence = 7) WHERE sequence = 2", 2L, AuditFaultKind.Changed, DisplayName = "a hash replaced")]
    [DataRow("INSERT INTO audit_entries SELECT chain, 0, line, hash FROM audit_entries WHERE sequence = 3", 0L, AuditFaultKind.Forged, DisplayName = "a line before the first")]
    [DataRow("INSERT INTO audit_entries SELECT chain, 1000, line, hash FROM audit_entries WHERE sequence = 3", 1000L, AuditFaultKind.Forged, DisplayName = "a line behind the end")]
    public async Task Each_kind_of_tampering_is_found(string sql, long sequence, AuditFaultKind kind)
    {
        foreach (var provider in Enum.GetValues<Provider>())
        {
            await using var fixture = await AuditFixture.CreateAsync(provider);
            await fixture.WriteAsync(8);
            await fixture.AnchorAsync();
            Assert.IsTrue((await fixture.Trail.VerifyAsync(AuditFixture.Chain)).IsSound);

            await fixture.TamperAsync(sql);

            var found = await fixture.Trail.VerifyAsync(AuditFixture.Chain);
            Assert.IsNull(found.Head, "What is not sound is not signed.");
            Assert.AreEqual((sequence, kind), (found.Faults[0].Sequence, found.Faults[0].Kind), $"{provider}: {string.Join("; ", found.Faults)}");
        }
    }

    [TestMethod]
    [DataRow(Provider.Sqlite)]
    [DataRow(Provider.Postgres)]
    public async Task A_trail_rewritten_with_all_its_hashes_is_not_the_one_that_was_signed_however_it_goes_on(Provider provider)
    {
        await using var fixture = await AuditFixture.CreateAsync(provider);
        await fixture.WriteAsync(8);
        await fixture.AnchorAsync();

        await fixture.ForgeAsync(Innocent);
        await ExpectRewrittenAsync();

        await fixture.WriteAsync(3); // Ordinary calls, whose ends are signed by the server itself.
        await fixture.AnchorAsync();
        await ExpectRewrittenAsync();
        Assert.Contains("is not what was signed before", fixture.Errors.Single());

        await fixture.WriteAsync(1);
        await fixture.AnchorAsync();
        await ExpectRewrittenAsync();
        Assert.HasCount(1, fixture.Errors, "Told once.");

        async Task ExpectRewrittenAsync()
        {
            var found = await fixture.Trail.VerifyAsync(AuditFixture.Chain);
            Assert.AreEqual((8, AuditFaultKind.Changed), (found.Anchored, found.Faults.Single().Kind));
            Assert.Contains("rewritten", found.Faults.Single().Description);
            Assert.IsNull(found.Head);
        }
    }

    [TestMethod]
    [DataRow(Provider.Sqlite)]
    [DataRow(Provider.Postgres)]
    public async Task A_trail_that_was_cut_stays_cut_when_it_grows_beyond_what_was_signed(Provider provider)
    {
        await using var fixture = await AuditFixture.CreateAsync(provider);
        await fixture.WriteAsync(8);
        await fixture.AnchorAsync();
        await fixture.ForgeAsync(line => line, take: 5);

        foreach (var (written, kind) in ((int, AuditFaultKind)[])[(1, AuditFaultKind.Missing), (6, AuditFaultKind.Changed)])
        {
            await fixture.WriteAsync(written);
            await fixture.AnchorAsync();
            var found = await fixture.Trail.VerifyAsync(AuditFixture.Chain);
            Assert.AreEqual((8, kind), (found.Anchored, found.Faults.Single().Kind));
        }
    }

    [TestMethod]
    [DataRow(Provider.Sqlite)]
    [DataRow(Provider.Postgres)]
    public async Task Lines_that_were_changed_before_they_were_signed_are_not_signed_by_another_process(Provider provider)
    {
        await using var fixture = await AuditFixture.CreateAsync(provider);
        await fixture.WriteAsync(8);
        await fixture.AnchorAsync();
        await fixture.TamperAsync(
            "UPDATE audit_chains SET head_sequence = 10, head_hash = @hash; INSERT INTO audit_entries VALUES (@chain, 10, '{}', @hash)",
            ("@hash", new byte[AuditLine.HashBytes]), ("@chain", AuditFixture.Chain)); // A line that nobody wrote, with one missing before it.

        await using var other = fixture.Open();
        await other.AppendAsync(AuditFixture.Chain, AuditFixture.Event(11));
        await other.AnchorAsync();

        Assert.AreEqual(8, (await fixture.Trail.VerifyAsync(AuditFixture.Chain)).Anchored);
        Assert.Contains("Line 9 is missing", fixture.Errors.Single());
    }

    [TestMethod]
    [DataRow(Provider.Sqlite)]
    [DataRow(Provider.Postgres)]
    public async Task What_was_put_right_is_signed_again(Provider provider)
    {
        await using var fixture = await AuditFixture.CreateAsync(provider);
        await fixture.WriteAsync(8);
        await fixture.AnchorAsync();
        await fixture.ForgeAsync(Innocent);
        await fixture.ForgeAsync(line => line.Replace("users/innocent", "users/u", StringComparison.Ordinal));

        await fixture.WriteAsync(2);
        await fixture.AnchorAsync();

        var found = await fixture.Trail.VerifyAsync(AuditFixture.Chain);
        Assert.IsTrue(found.IsSound, string.Join("; ", found.Faults));
        Assert.AreEqual(10, found.Anchored);
    }

    [TestMethod]
    [DataRow(Provider.Sqlite)]
    [DataRow(Provider.Postgres)]
    public async Task What_is_left_of_a_trail_that_somebody_spoilt_is_listed_line_by_line(Provider provider)
    {
        await using var fixture = await AuditFixture.CreateAsync(provider);
        await fixture.WriteAsync(5);
        await fixture.TamperAsync("UPDATE audit_entries SET line = 'gone' WHERE sequence = 2");
        await fixture.TamperAsync("UPDATE audit_entries SET line = replace(line, '\"sequence\":4', '\"sequence\":999') WHERE sequence = 4");

        var (listed, before) = (new List<AuditEntry>(), (long?)null);
        for (var page = 0; page < 5; page++)
        {
            listed.AddRange(await fixture.Trail.ListAsync(AuditFixture.Chain, new AuditFilter(), before, limit: 1));
            before = listed[^1].Sequence;
        }

        CollectionAssert.AreEqual(new long[] { 5, 4, 3, 2, 1 }, listed.Select(entry => entry.Sequence).ToArray());
        foreach (var filter in (AuditFilter[])[new() { Actor = "users/u" }, new() { Resource = "projects/p" }, new() { Since = DateTimeOffset.UnixEpoch }])
            Assert.AreEqual("5 4 3 1", string.Join(' ', (await fixture.Trail.ListAsync(AuditFixture.Chain, filter, null, 10)).Select(entry => entry.Sequence)), $"{filter}");
        Assert.AreEqual((AuditEvent.UnreadableOutcome, "", "OK"), (listed[3].Event.Outcome, listed[3].Event.Method, listed[4].Event.Outcome));
        Assert.IsFalse((await fixture.Trail.VerifyAsync(AuditFixture.Chain)).IsSound);
    }

    [TestMethod]
    public async Task An_end_that_somebody_else_signed_is_not_the_servers()
    {
        await using var fixture = await AuditFixture.CreateAsync();
        await using var forger = await AuditFixture.CreateAsync(); // With a secret of its own.
        await fixture.WriteAsync(2);
        await forger.WriteAsync(3);
        var (ours, theirs) = (await SignAsync(fixture), await SignAsync(forger));
        await fixture.Anchor.AdvanceAsync(
            [(
                $"audit/{AuditFixture.Chain}",
                new LedgerHead(9, Convert.ToHexStringLower(ours.Hash) + Convert.ToHexStringLower(theirs.Signature)))],
            default);

        Assert.AreEqual(AuditFaultKind.Forged, (await fixture.Trail.VerifyAsync(AuditFixture.Chain)).Faults.Single().Kind);
        await fixture.WriteAsync(8); // Beyond it.
        await fixture.AnchorAsync();
        Assert.AreEqual(
            (9, AuditFaultKind.Forged),
            (await fixture.Trail.VerifyAsync(AuditFixture.Chain)) is var found
                ? (found.Anchored, found.Faults.Single().Kind)
                : default);
    }

    [TestMethod]
    public async Task An_exported_trail_is_checked_without_the_server()
    {
        await using var fixture = await AuditFixture.CreateAsync();
        await fixture.WriteAsync(5);
        var file = await ExportAsync(fixture);

        Assert.IsTrue((await CheckAsync(file)).IsSound);
        Assert.IsFalse((await CheckAsync([.. file[..^1]])).IsSound, "The signed end is missing.");
        Assert.IsFalse((await CheckAsync([.. file[..3], .. file[4..]])).IsSound, "A line is missing.");
        Assert.IsFalse((await CheckAsync([.. file[..3], file[3].Replace("d3", "d9", StringComparison.Ordinal), .. file[4..]])).IsSound, "A line was changed.");
        Assert.IsFalse((await CheckAsync([.. file[..4], .. file[5..]])).IsSound);
        await using var other = await AuditFixture.CreateAsync();
        Assert.AreEqual(AuditFaultKind.Forged, (await CheckAsync(file, other.Trail.PublicKeyPem)).Faults.Single().Kind, "By another server's key.");
        await Assert.ThrowsExactlyAsync<FormatException>(() => CheckAsync(["rubbish"]));
        foreach (var spoilt in (string[])["rubbish", "[]", "{}", "{\"sequence\":\"5\"}"])
            await Assert.ThrowsExactlyAsync<FormatException>(() => CheckAsync([.. file[..^1], spoilt]), spoilt);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        await Assert.ThrowsExactlyAsync<FormatException>(() => CheckAsync(file, curve.ExportSubjectPublicKeyInfoPem()));
        using var nowhere = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var damaged = nowhere.ExportSubjectPublicKeyInfo();
        damaged[^1] ^= 1; // The point is on no curve.
        await Assert.ThrowsExactlyAsync<FormatException>(() => CheckAsync(file, PemEncoding.WriteString("PUBLIC KEY", damaged)));

        static Task<AuditFindings> CheckAsync(string[] lines, string? key = null) => AuditExport.VerifyAsync(new StringReader(string.Join('\n', lines)), key);
    }

    private static async Task<string[]> ExportAsync(AuditFixture fixture)
    {
        var lines = new List<string> { AuditExport.First(AuditFixture.Chain, fixture.Trail.PublicKeyPem) };
        await foreach (var (_, line, hash) in fixture.Trail.LinesAsync(AuditFixture.Chain)) lines.Add(AuditExport.Line(line, hash));
        lines.Add(AuditExport.Last(await SignAsync(fixture)));
        return [.. lines];
    }

    private static async Task<AuditHead> SignAsync(AuditFixture fixture) => (await fixture.Trail.VerifyAsync(AuditFixture.Chain)).Head!;

    private static string Innocent(string line) => line.Replace("users/u", "users/innocent", StringComparison.Ordinal);
}
