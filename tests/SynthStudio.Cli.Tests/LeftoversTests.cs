using System.Text.Json;
using SynthStudio.V1;

namespace SynthStudio.Cli.Tests;

/// <summary>Commands that look at, change and clear away what other commands began, against a server.</summary>
[TestClass]
public sealed class LeftoversTests
{
    private static readonly TemporaryFolder Folder = new();
    private static ServedProcess server = null!;
    private static Studio studio = null!;
    private static string project = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext _)
    {
        server = await ServedProcess.SharedAsync();
        studio = new Studio(server.Channel);
        project = await studio.CreateProjectAsync();
    }

    [ClassCleanup]
    public static void Clean() => Folder.Dispose();

    [TestMethod]
    public async Task An_upload_that_broke_off_is_listed_shown_and_finished_with_the_same_file_only()
    {
        var (file, other, shorter) = (Table("whole.csv", 40_000, "Wien"), Table("other.csv", 40_000, "Linz"), Table("shorter.csv", 10, "Wien"));
        var content = await File.ReadAllBytesAsync(file);
        var upload = await studio.CreateUploadAsync(project, "whole.csv");
        await WritePartAsync(upload.Name, content[..(content.Length / 2)]);
        var id = upload.Name.Split('/')[^1];

        var listed = await OutputAsync("uploads", "list");
        Assert.MatchesRegex($@"{id} +active +[\d.]+ kB .*whole\.csv", listed);
        using var shown = JsonDocument.Parse(await OutputAsync("uploads", "show", id));
        Assert.AreEqual($"{content.Length / 2}", shown.RootElement.GetProperty("committedSize").GetString());
        Assert.Contains("is not the file", (await FailAsync(2, "uploads", "resume", id, shorter)).Errors);
        Assert.AreEqual(upload.Dataset, await OutputAsync("uploads", "resume", id, file));
        var dataset = await studio.Datasets.GetDatasetAsync(new GetDatasetRequest { Name = upload.Dataset });
        Assert.AreEqual(40_000, dataset.RowCount);
        Assert.Contains("nothing to send", (await FailAsync(2, "uploads", "resume", id, file)).Errors);

        var spoilt = await studio.CreateUploadAsync(project, "whole.csv");
        await WritePartAsync(spoilt.Name, content[..(content.Length / 2)]);
        var forged = await SynthAsync("uploads", "resume", spoilt.Name, other);
        Assert.AreNotEqual(0, forged.ExitCode);
        Assert.Contains("SHA-256", forged.Errors);
        Assert.AreEqual(DatasetState.Uploading, (await studio.Datasets.GetDatasetAsync(new GetDatasetRequest { Name = spoilt.Dataset })).State);
    }

    [TestMethod]
    public async Task An_upload_that_is_refused_while_it_is_sent_says_why()
    {
        var small = await studio.CreateProjectAsync();
        await OutputAsync("cluster", "share", small, "--stored-bytes", "3000000");
        var upload = await studio.CreateUploadAsync(small, "large.csv");
        await File.WriteAllBytesAsync(Folder["large.csv"], new byte[40_000_000]);

        var refused = await Command.SynthAsync(
            ["uploads", "resume", upload.Name, Folder["large.csv"], "--project", small, .. server.AsAdministrator]);

        Assert.AreEqual(1, refused.ExitCode, refused.Errors);
        Assert.Contains("may take 3000000 bytes", refused.Errors);
    }

    [TestMethod]
    public async Task An_upload_is_given_up_with_its_data_set()
    {
        var upload = await studio.CreateUploadAsync(project, "given-up.csv");

        await OutputAsync("uploads", "delete", upload.Name);

        Assert.MatchesRegex($"{upload.Name.Split('/')[^1]} +abandoned", await OutputAsync("uploads", "list"));
        Assert.DoesNotContain(upload.Dataset.Split('/')[^1], await OutputAsync("datasets", "list"));
    }

    [TestMethod]
    public async Task A_data_set_gets_another_name_and_another_schema()
    {
        var dataset = (await studio.UploadAsync(project, Table("named.csv", 120, "Wien"))).Name;
        await File.WriteAllTextAsync(Folder["named.json"], """{"columns": {"age": "categorical"}}""");

        using var named = JsonDocument.Parse(await OutputAsync("datasets", "update", dataset, "--display-name", "People of Wien"));
        Assert.AreEqual("People of Wien", named.RootElement.GetProperty("displayName").GetString());
        await OutputAsync("datasets", "update", dataset, "--schema", Folder["named.json"]);
        Assert.AreEqual("categorical", await KindOfAgeAsync(dataset));
        using var again = JsonDocument.Parse(await OutputAsync("datasets", "update", dataset, "--infer-schema"));
        Assert.AreEqual("DATASET_STATE_READY", again.RootElement.GetProperty("state").GetString());
        Assert.AreEqual("People of Wien", again.RootElement.GetProperty("displayName").GetString());
        Assert.AreEqual("integer", await KindOfAgeAsync(dataset));
        Assert.Contains("nothing to change", (await FailAsync(2, "datasets", "update", dataset)).Errors);
        Assert.Contains("exclude", (await FailAsync(2, "datasets", "update", dataset, "--infer-schema", "--schema", Folder["named.json"])).Errors);
    }

    [TestMethod]
    public async Task An_analysis_is_listed_shown_read_again_and_deleted()
    {
        var dataset = (await studio.UploadAsync(project, Table("analysed.csv", 60, "Wien"))).Name;
        var found = await OutputAsync("datasets", "anonymity", dataset, "--most-columns", "1");

        var name = (await OutputAsync("analyses", "list", dataset))
            .Split('\n').Select(line => line.Split(' ')[0]).Single(word => word.Contains("/analyses/", StringComparison.Ordinal));
        var parts = name.Split('/');
        Assert.Contains("ANALYSIS_STATE_READY", await OutputAsync("analyses", "show", name));
        Assert.AreEqual(found, await OutputAsync("analyses", "result", $"{parts[3]}/{parts[5]}"));
        Assert.Contains("names no analysis", (await FailAsync(2, "analyses", "show", parts[5])).Errors);
        await OutputAsync("analyses", "delete", name);
        Assert.DoesNotContain(name, await OutputAsync("analyses", "list", dataset));
    }

    [TestMethod]
    public async Task An_evaluation_is_listed_shown_downloaded_and_deleted()
    {
        var (real, drawn) = ((await studio.UploadAsync(project, Table("real.csv", 300, "Wien"))).Name, (await studio.UploadAsync(project, Table("drawn.csv", 300, "Graz"))).Name);
        var created = await new EvaluationService.EvaluationServiceClient(server.Channel).CreateEvaluationAsync(new CreateEvaluationRequest
        {
            Parent = project, EvaluationId = "scored", Evaluation = new Evaluation { Dataset = real, SyntheticUpload = drawn, DisplayName = "By hand" },
        });
        await OutputAsync("jobs", "watch", created.Job);

        Assert.MatchesRegex($"scored +ready +{drawn.Split('/')[^1]} .*By hand", await OutputAsync("evaluations", "list"));
        Assert.Contains("\"metrics\"", await OutputAsync("evaluations", "show", "scored"));
        await OutputAsync("evaluations", "download", "scored", "--out", Folder["report.html"]);
        await OutputAsync("evaluations", "download", "scored", "--out", Folder["report.json"]);
        StringAssert.StartsWith(await File.ReadAllTextAsync(Folder["report.html"]), "<!DOCTYPE html>");
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(Folder["report.json"]));
        await OutputAsync("evaluations", "delete", "scored");
        Assert.DoesNotContain("scored", await OutputAsync("evaluations", "list"));
    }

    [TestMethod]
    public async Task A_key_is_exchanged_for_a_token_that_calls_in_its_place()
    {
        var token = (await Command.RunAsync("bash", ["-c", $"'{Repository.Synth}' keys token --server {server.Grpc} < '{server.KeyFile}'"])).Succeeded().Output.Trim();

        Assert.HasCount(3, token.Split('.'));
        using var channel = ServedProcess.Connect(server.Grpc, token);
        Assert.AreEqual(UserRole.Admin, (await new IdentityService.IdentityServiceClient(channel).WhoAmIAsync(new WhoAmIRequest())).User.Role);
    }

    [TestMethod]
    public async Task Links_to_rows_need_a_bucket_and_it_is_said()
    {
        var dataset = (await studio.UploadAsync(project, Table("linked.csv", 100, "Wien"))).Name;
        var generator = await OutputAsync("generators", "train", dataset, "--method", "independent");
        await OutputAsync("generators", "watch", generator);
        var drawn = await studio.SyntheticDatasets.CreateSyntheticDatasetAsync(
            new CreateSyntheticDatasetRequest { Parent = project, SyntheticDataset = new SyntheticDataset { Generator = generator, Rows = 10 } });
        await OutputAsync("jobs", "watch", drawn.Job);

        var refused = await SynthAsync("synthetics", "links", drawn.Name);

        Assert.AreNotEqual(0, refused.ExitCode);
        Assert.Contains("bucket", refused.Errors);
    }

    [TestMethod]
    public async Task Whoever_calls_with_a_terminals_commands_for_a_name_writes_no_rows_into_what_the_trails_reader_sees()
    {
        await Assert.ThrowsExactlyAsync<Grpc.Core.RpcException>(
            () => studio.Datasets.DeleteDatasetAsync(new DeleteDatasetRequest { Name = "projects/x/datasets/\u001b[2J\n7  users/innocent" }).ResponseAsync);

        var listed = await Command.SynthAsync(
            ["audit", "list", "--of-server", "--method", "DatasetService/DeleteDataset", .. server.AsAdministrator]);

        Assert.AreEqual(0, listed.ExitCode, listed.Errors);
        Assert.Contains(@"projects/x/datasets/\u001b[2J\u000a7  users/innocent", listed.Output);
        Assert.DoesNotContain("\u001b", listed.Output);
    }

    private static async Task WritePartAsync(string upload, byte[] part)
    {
        using var call = studio.Uploads.WriteUpload();
        await call.RequestStream.WriteAsync(new WriteUploadRequest { Name = upload, Data = Google.Protobuf.ByteString.CopyFrom(part) });
        await call.RequestStream.CompleteAsync();
        Assert.AreEqual(part.Length, (await call).CommittedSize);
    }

    private static async Task<string> KindOfAgeAsync(string dataset)
    {
        var profile = await studio.Datasets.GetDatasetProfileAsync(new GetDatasetProfileRequest { Name = $"{dataset}/profile" });
        using var json = JsonDocument.Parse(profile.Json);
        return json.RootElement.GetProperty("columns").EnumerateArray().Single(column => column.GetProperty("name").GetString() == "age").GetProperty("kind").GetString()!;
    }

    private static Task<CommandResult> SynthAsync(params string[] arguments) =>
        Command.SynthAsync([.. arguments, "--project", project, .. server.AsAdministrator]);

    private static async Task<string> OutputAsync(params string[] arguments)
    {
        var result = await SynthAsync(arguments);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        return result.Output.Trim();
    }

    private static async Task<CommandResult> FailAsync(int exitCode, params string[] arguments)
    {
        var result = await SynthAsync(arguments);
        Assert.AreEqual(exitCode, result.ExitCode, result.Errors);
        return result;
    }

    private static string Table(string name, int rows, string town)
    {
        File.WriteAllLines(Folder[name], Enumerable.Range(0, rows).Select(i => $"{20 + (i * 7 % 50)},{(i % 3 == 0 ? town : "Graz")}").Prepend("age,town"));
        return Folder[name];
    }
}
