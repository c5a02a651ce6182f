using System.Text.RegularExpressions;

namespace SynthStudio.Cli.Tests;

/// <summary>A backup of the database is put back beside what is kept outside of it, and <c>synth audit accept-restore</c> has the trail signed again.</summary>
[TestClass]
public sealed partial class AcceptRestoreTests : IDisposable
{
    private const string Reason = "The disk of db1 died; backup of 02:00 put back";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [TestMethod]
    public async Task A_restored_backup_is_accepted_with_a_reason_that_every_check_repeats()
    {
        string[] project;
        await using (var server = await ServedProcess.StartAsync(folder["studio"]))
        {
            project = ["--project", await new Studio(server.Channel).CreateProjectAsync()];
            await SignedAsync([.. project, .. At(server)]);
            await server.KillAsync();
        }

        Copy(folder["studio"], folder["backup"]);
        await using (var server = await ServedProcess.StartAsync(folder["studio"]))
        {
            foreach (var id in (string[])["first", "second"])
                Assert.AreEqual(0, (await Command.SynthAsync(["service-accounts", "create", id, .. project, .. At(server)])).ExitCode);
            await SignedAsync([.. project, .. At(server)]);
            await server.KillAsync();
        }

        Copy(folder["backup"], folder["studio"]);
        await using (var server = await ServedProcess.StartAsync(folder["studio"]))
        {
            string[] at = [.. project, .. At(server)];
            var unsound = await Command.SynthAsync(["audit", "verify", .. at]);
            Assert.AreEqual(1, unsound.ExitCode, unsound.Output);
            Assert.AreNotEqual(0, (await Command.SynthAsync(["audit", "accept-restore", .. at])).ExitCode, "A reason is to be given.");

            string[] accept = ["audit", "accept-restore", "--reason", Reason, "--last-kept", "1", .. at];
            var asked = await Command.SynthAsync(accept);
            Assert.Contains("Lines 2 to 5, which were signed, are lost.", asked.Output, asked.Errors);
            Assert.Contains("Nothing was changed", asked.Output);
            Assert.AreEqual(1, (await Command.SynthAsync(["audit", "verify", .. at])).ExitCode);
            var accepted = await Command.SynthAsync([.. accept, "--apply"]);
            Assert.AreEqual(0, accepted.ExitCode, accepted.Errors);
            Assert.Contains("Accepted as line 6.", accepted.Output);

            var trail = folder["trail.jsonl"];
            Assert.AreEqual(0, (await Command.SynthAsync(["audit", "export", "--out", trail, .. at])).ExitCode);
            foreach (var command in (string[][])[["audit", "verify", .. at], ["audit", "check", trail]])
            {
                var found = await Command.SynthAsync(command);
                Assert.AreEqual(0, found.ExitCode, found.Errors);
                Assert.Contains("Line 6: users/", found.Output);
                Assert.Contains($"Lines 2 to 5, which were signed, are lost. Reason: {Reason}", found.Output);
            }

            Assert.AreNotEqual(0, (await Command.SynthAsync([.. accept, "--apply"])).ExitCode, "There is nothing more to accept.");
        }
    }

    private static string[] At(ServedProcess server) => [.. server.AsAdministrator];

    /// <summary>Waits until the end of the trail is kept outside the database.</summary>
    private static async Task SignedAsync(string[] at)
    {
        for (var i = 0; i < 240; i++)
        {
            if (AllSigned().IsMatch((await Command.SynthAsync(["audit", "verify", .. at])).Output)) return;
            await Task.Delay(500);
        }

        Assert.Fail("The trail's end was not signed.");
    }

    /// <summary>The database, and nothing of what is beside it.</summary>
    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(to, "synthstudio.db*")) File.Delete(file);
        var files = Directory.GetFiles(from, "synthstudio.db*");
        Assert.IsNotEmpty(files);
        foreach (var file in files) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    [GeneratedRegex(@"\b(\d+) entries, signed up to \1\b")]
    private static partial Regex AllSigned();
}
