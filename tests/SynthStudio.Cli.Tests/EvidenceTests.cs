namespace SynthStudio.Cli.Tests;

/// <summary><c>synth evidence</c> against a server, and without one.</summary>
[TestClass]
public sealed class EvidenceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [TestMethod]
    public async Task A_pack_is_made_shown_downloaded_and_checked_without_the_server()
    {
        var (page, text, json, key) = (folder["pack.html"], folder["pack.md"], folder["pack.json"], folder["key.pem"]);
        var server = await ServedProcess.SharedAsync();
        var project = await new Studio(server.Channel).CreateProjectAsync();
        string[] at = ["--project", project, .. server.AsAdministrator];
        var made = await OutputAsync(["evidence", "create", "--framework", "gdpr", "--framework", "soc2", "--id", "first", "--out", page, .. at]);
        Assert.Contains("evidencePacks/first, version 1", made);
        Assert.Contains("soc2", await OutputAsync(["evidence", "show", "first", .. at]));
        Assert.Contains("gdpr soc2", await OutputAsync(["evidence", "list", .. at]));
        await OutputAsync(["evidence", "download", "first", "--out", text, .. at]);
        await OutputAsync(["evidence", "download", "first", "--out", json, .. at]);
        await File.WriteAllTextAsync(key, await OutputAsync(["evidence", "key", "--server", server.Grpc.ToString()]));
        Assert.Contains("45 CFR 164.312(b)", await OutputAsync(["evidence", "controls", "--framework", "hipaa", .. at]));
        Assert.AreEqual(2, (await Command.SynthAsync(["evidence", "create", "--framework", "iso", .. at])).ExitCode);
        Assert.AreEqual(2, (await Command.SynthAsync(["evidence", "create", "--about", "nothing", .. at])).ExitCode);
        await OutputAsync(["evidence", "delete", "first", .. at]);

        Assert.Contains($"<h1>Evidence pack 1 of {project}</h1>", await File.ReadAllTextAsync(page));
        StringAssert.StartsWith(await File.ReadAllTextAsync(text), "# Evidence pack 1");
        foreach (var file in new[] { page, text, json })
        {
            Assert.Contains("evidencePacks/first, version 1: what was signed, byte for byte.", await OutputAsync(["evidence", "verify", file, "--public-key", key]));
            Assert.Contains("not who signed it", await OutputAsync(["evidence", "verify", file]));
            var bytes = await File.ReadAllBytesAsync(file);
            bytes[bytes.Length / 3] ^= 1;
            await File.WriteAllBytesAsync(file, bytes);
            Assert.AreEqual(1, (await Command.SynthAsync(["evidence", "verify", file, "--public-key", key])).ExitCode);
        }

        Assert.AreEqual(1, (await Command.SynthAsync(["evidence", "verify", key])).ExitCode, "That is no pack.");
    }

    private static async Task<string> OutputAsync(string[] arguments)
    {
        var result = await Command.SynthAsync(arguments);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        return result.Output.Trim();
    }
}
