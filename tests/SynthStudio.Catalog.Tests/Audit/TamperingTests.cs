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
    [DataRow("UPDATE audit_entries SET hash = zeroblob(32) WHERE sequence = 2", 2L, AuditFaultKind.Changed, DisplayName = "a hash replaced")]
    public async Task Each_kind_of_tampering_is_found(string sql, long sequence, AuditFaultKind kind)
    {
        await using var fixture = await AuditFixture.CreateAsync();
        await fixture.WriteAsync(8);
        await fixture.AnchorAsync();
        Assert.IsTrue((await fixture.Trail.VerifyAsync(AuditFixture.Chain)).IsSound);

        await fixture.TamperAsync(sql);

        var found = await fixture.Trail.VerifyAsync(AuditFixture.Chain);
        Assert.IsNull(found.Head, "What is not sound is not signed.");
        Assert.AreEqual((sequence, kind), (found.Faults[0].Sequence, found.Faults[0].Kind), string.Join("; ", found.Faults));
    }

    [TestMethod]
    public async Task A_trail_rewritten_with_all_its_hashes_is_not_the_one_that_was_signed()
    {
        await using var fixture = await AuditFixture.CreateAsync();
        await fixture.WriteAsync(8);
        await fixture.AnchorAsync();

        await RewriteAsync(fixture, "users/u", "users/innocent");

        var found = await fixture.Trail.VerifyAsync(AuditFixture.Chain);
        Assert.AreEqual(AuditFaultKind.Changed, found.Faults.Single().Kind);
        Assert.Contains("rewritten", found.Faults.Single().Description);
    }

    [TestMethod]
    public async Task An_end_that_somebody_else_signed_is_not_the_servers()
    {
        await using var fixture = await AuditFixture.CreateAsync();
        await using var forger = await AuditFixture.CreateAsync(); // With a secret of its own.
        await fixture.WriteAsync(2);
        await forger.WriteAsync(3);
        var head = (await forger.Trail.HeadAsync(AuditFixture.Chain))!;
        await fixture.Anchor.AdvanceAsync(
            [($"audit/{AuditFixture.Chain}", new LedgerHead(2, Convert.ToHexStringLower((await fixture.Trail.HeadAsync(AuditFixture.Chain))!.Hash) + Convert.ToHexStringLower(head.Signature)))], default);

        Assert.AreEqual(AuditFaultKind.Forged, (await fixture.Trail.VerifyAsync(AuditFixture.Chain)).Faults.Single().Kind);
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
        lines.Add(AuditExport.Last((await fixture.Trail.HeadAsync(AuditFixture.Chain))!));
        return [.. lines];
    }

    /// <summary>Changes every line and computes every hash anew: the chain alone would not tell.</summary>
    private static async Task RewriteAsync(AuditFixture fixture, string from, string to)
    {
        var hash = AuditLine.Root(AuditFixture.Chain);
        long last = 0;
        var lines = new List<(long, string)>();
        await foreach (var (sequence, line, _) in fixture.Trail.LinesAsync(AuditFixture.Chain)) lines.Add((sequence, line.Replace(from, to, StringComparison.Ordinal)));
        foreach (var (sequence, line) in lines)
        {
            var next = new byte[AuditLine.HashBytes];
            AuditLine.Hash(hash, line, next);
            (hash, last) = (next, sequence);
            await fixture.TamperAsync($"UPDATE audit_entries SET line = '{line}', hash = x'{Convert.ToHexString(hash)}' WHERE sequence = {sequence}");
        }

        await fixture.TamperAsync($"UPDATE audit_chains SET head_hash = x'{Convert.ToHexString(hash)}' WHERE head_sequence = {last}");
    }
}
