using System.Diagnostics;
using System.Text.Json;
using Serilog;

namespace SynthStudio.Hosting.Tests;

/// <summary>What a host says, on standard error and in files.</summary>
[TestClass, DoNotParallelize]
public sealed class LogFormatTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task Lines_are_json_with_trace_ids_where_something_collects_them_and_readable_where_people_do()
    {
        using var trace = new Activity("start").Start();

        foreach (var line in await StartAsync(ServerOptions.JsonLog))
        {
            using var json = JsonDocument.Parse(line);
            Assert.IsTrue(json.RootElement.TryGetProperty("@t", out _), line);
        }

        var made = (await StartAsync(ServerOptions.JsonLog)).Single(line => line.Contains("API key", StringComparison.Ordinal));
        using var said = JsonDocument.Parse(made);
        Assert.AreEqual(trace.TraceId.ToHexString(), said.RootElement.GetProperty("@tr").GetString());
        Assert.MatchesRegex(@"^\d\d:\d\d:\d\d\.\d{3} INF ", (await StartAsync("text")).Single(line => line.Contains("API key", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_long_log_goes_on_in_other_files_of_which_the_oldest_go()
    {
        var folder = Directory.CreateTempSubdirectory("synthstudio-log-");
        try
        {
            using (var log = new LoggerConfiguration().WriteTo.ToFiles(folder.FullName, fileBytes: 1_000).CreateLogger())
            {
                for (var i = 1; i <= 500; i++) log.Information("Line {Number}", i);
            }

            var files = folder.GetFiles("server-*.json");
            Assert.HasCount(ServerLogs.Files, files);
            Assert.IsLessThan(2_000, files.Max(file => file.Length));
            Assert.Contains("\"Number\":500", string.Concat(files.Select(file => File.ReadAllText(file.FullName))));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The lines of a start, of a server on an empty folder.</summary>
    private async Task<string[]> StartAsync(string format)
    {
        var folder = Directory.CreateTempSubdirectory("synthstudio-log-");
        var (console, said) = (Console.Error, new StringWriter());
        Console.SetError(TextWriter.Synchronized(said));
        try
        {
            var options = new ServerOptions { DataFolder = folder.FullName, GrpcPort = 0, HttpPort = 0, Compute = false, LogFormat = format };
            await using (await EmbeddedServer.StartAsync(options, TestContext.CancellationToken))
            {
            }

            return said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            Console.SetError(console);
            folder.Delete(recursive: true);
        }
    }
}
