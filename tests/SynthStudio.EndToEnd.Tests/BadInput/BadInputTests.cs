using System.Diagnostics;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>Whatever is sent to one served process: each gets a typed error that helps, or works, and the service stays up.</summary>
[TestClass]
public sealed class BadInputTests
{
    /// <summary>Enough to draw from; how well it draws is looked at elsewhere.</summary>
    private const int Steps = 50;

    /// <summary>Steps end before: a thousand columns are encoded first, two trainings at a time.</summary>
    private static readonly TimeSpan TrainingTime = TimeSpan.FromSeconds(60);

    private static readonly TemporaryFolder Folder = new();
    private static ServedProcess server = null!;
    private static Studio studio = null!;
    private static string project = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext _)
    {
        server = await ServedProcess.StartAsync(Folder["data"]);
        studio = new Studio(server.Channel);
        project = await studio.CreateProjectAsync();
    }

    [ClassCleanup]
    public static async Task StopAsync()
    {
        await server.DisposeAsync();
        Folder.Dispose();
    }

    [TestMethod]
    public async Task Every_bad_table_is_refused_with_its_reason_and_place_and_a_good_one_still_goes_the_whole_way()
    {
        // Two at a time, as many as the server has slots.
        await Parallel.ForEachAsync(BadTable.All, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (bad, _) =>
        {
            var error = await ErrorOfAsync(bad);
            Assert.IsNotNull(error, $"{bad.FileName} was taken.");
            Assert.AreEqual(bad.Reason, error.Reason, $"{bad.FileName}: {error.Message}");
            Assert.AreEqual(JobErrorClass.User, error.ErrorClass, bad.FileName);
            Assert.Contains(bad.Says, error.Message);
            Assert.AreEqual(bad.Subject, error.Subject, $"{bad.FileName}: {error.Message}");
            Assert.AreEqual(bad.Row, error.Row, $"{bad.FileName}: {error.Message}");
        });

        await ServesAsync(server, studio, project);
    }

    [TestMethod]
    [DataRow("""{"columns": {"age": "numbery"}}""", "age", "known are numerical", DisplayName = "an unknown kind")]
    [DataRow("""{"target": "height", "columns": {"age": "numerical"}}""", "height", "target 'height'", DisplayName = "an unknown target")]
    public async Task A_schema_that_is_none_is_refused_before_anything_is_sent(string schema, string column, string says)
    {
        var refused = await RefusedAsync(() => studio.CreateUploadAsync(project, "people.csv", schema));
        Assert.AreEqual(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.AreEqual("INVALID_SCHEMA", ReasonOf(refused));
        Assert.AreEqual(column, refused.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Metadata["column"]);
        Assert.Contains(says, refused.Status.Detail);
    }

    [TestMethod]
    public async Task Every_odd_table_is_learned_and_its_rows_are_right() =>
        await Parallel.ForEachAsync(OddTable.All, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (odd, _) =>
        {
            var dataset = await studio.UploadAsync(project, $"{odd.Name}.csv", BadTable.Text(odd.Csv));
            Assert.AreEqual(DatasetState.Ready, dataset.State, $"{odd.Name}: {dataset.Error?.Message}");
            var generator = await studio.LearnAsync(project, dataset.Name, TrainingTime, Steps);
            Assert.AreEqual(GeneratorState.Ready, generator.State, $"{odd.Name}: {generator.Training?.Error?.Message}");
            var lines = (await studio.DrawAsync(project, generator.Name, rows: 50)).TrimEnd('\n').Split('\n');
            Assert.HasCount(51, lines, odd.Name);
            Assert.AreEqual(odd.Csv[..odd.Csv.IndexOf('\n')], lines[0], odd.Name);
            var wrong = Array.Find(lines[1..], line => !odd.IsRight(line.Split(',')));
            Assert.IsNull(wrong, $"{odd.Name}: {wrong?[..Math.Min(200, wrong.Length)]}");
        });

    [TestMethod]
    public async Task A_client_killed_in_mid_upload_leaves_what_was_acknowledged_and_another_one_goes_on_there()
    {
        var content = BadTable.Noise(32_000_000);
        await File.WriteAllBytesAsync(Folder["large.parquet"], content);
        var own = await studio.CreateProjectAsync();
        await using var line = new StallingLine(server.Grpc.Port, bytes: content.Length / 2);
        using var client = Process.Start(new ProcessStartInfo(
            Repository.Synth,
            ["datasets", "upload", Folder["large.parquet"], "--project", own, "--server", $"http://127.0.0.1:{line.Port}", "--key-file", server.KeyFile])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        Upload? upload = null;
        while (!client.HasExited && upload is not { CommittedSize: > 0 })
        {
            upload = (await studio.Uploads.ListUploadsAsync(new ListUploadsRequest { Parent = own })).Uploads.SingleOrDefault();
            if (upload is not null) upload = await GetUploadAsync(upload.Name);
        }

        client.Kill();
        await client.WaitForExitAsync();
        Assert.IsNotNull(upload, "The client did not begin.");
        var acknowledged = (await GetUploadAsync(upload.Name)).CommittedSize;
        Assert.IsLessThan(content.Length, acknowledged, "The client was done before it was killed.");

        // Bytes that were on their way may still arrive: a writer that starts too early is told where to go on.
        Dataset? dataset = null;
        while (dataset is null)
        {
            try
            {
                dataset = await studio.WriteAsync(upload.Name, content, (int)acknowledged);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.OutOfRange)
            {
                Assert.AreEqual("WRONG_OFFSET", ReasonOf(e));
                acknowledged = (await GetUploadAsync(upload.Name)).CommittedSize;
            }
        }

        Assert.AreEqual(content.Length, dataset.SizeBytes);
        Assert.AreEqual(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)), dataset.Sha256);
        await ServesAsync(server, studio, project);
    }

    [TestMethod]
    public async Task A_repeated_request_id_answers_the_same_and_does_nothing_twice()
    {
        var dataset = await studio.UploadAsync(project, SampleTable.Write(Folder["repeat.csv"], rows: 100));
        var create = new CreateGeneratorRequest
        {
            Parent = project,
            RequestId = Guid.NewGuid().ToString(),
            Generator = new Generator { Dataset = dataset.Name, Method = "autoregressive" },
        };
        var first = await studio.Generators.CreateGeneratorAsync(create);
        Assert.AreEqual(first, await studio.Generators.CreateGeneratorAsync(create));

        create.Generator.DisplayName = "another";
        var reused = await RefusedAsync(() => studio.Generators.CreateGeneratorAsync(create).ResponseAsync);
        Assert.AreEqual(StatusCode.InvalidArgument, reused.StatusCode);
        Assert.AreEqual("REQUEST_ID_REUSED", ReasonOf(reused));
        Assert.Contains("request_id", reused.Status.Detail);

        var listed = await studio.Generators.ListGeneratorsAsync(new ListGeneratorsRequest { Parent = project });
        Assert.AreEqual(1, listed.Generators.Count(g => g.Dataset == dataset.Name));
    }

    [TestMethod]
    public async Task An_oversized_message_is_refused_with_the_limit_and_the_upload_goes_on_with_smaller_ones()
    {
        var content = BadTable.Text("a,b\n" + string.Concat(Enumerable.Range(0, 600_000).Select(i => $"{i % 9},{i % 7}\n")));
        Array.Resize(ref content, 5 << 20);
        Array.Fill(content, (byte)'\n', content.Length - 2_000_000, 2_000_000);
        var upload = await studio.CreateUploadAsync(project, "oversized.csv");
        using var call = studio.Uploads.WriteUpload();

        var refused = await RefusedAsync(async () =>
        {
            await Studio.SendAsync(async () =>
            {
                await call.RequestStream.WriteAsync(new WriteUploadRequest { Name = upload.Name, Data = ByteString.CopyFrom(content) });
                await call.RequestStream.CompleteAsync();
            });
            await call;
        });

        Assert.AreEqual(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.AreEqual("TOO_LARGE", ReasonOf(refused));
        Assert.Contains("4 MiB", refused.Status.Detail);
        Assert.AreEqual(0, (await GetUploadAsync(upload.Name)).CommittedSize);
        Assert.AreEqual(content.Length, (await studio.WriteAsync(upload.Name, content, from: 0)).SizeBytes);
    }

    [TestMethod]
    public async Task What_does_not_exist_is_named()
    {
        foreach (var missing in new[] { $"{project}/uploads/nothing", $"{project}/datasets/nothing" })
        {
            var refused = await RefusedAsync(async () => _ = missing.Contains("uploads", StringComparison.Ordinal)
                ? (IMessage)await GetUploadAsync(missing)
                : await studio.Datasets.GetDatasetAsync(new GetDatasetRequest { Name = missing }));
            Assert.AreEqual(StatusCode.NotFound, refused.StatusCode);
            Assert.AreEqual("RESOURCE_NOT_FOUND", ReasonOf(refused));
            Assert.Contains(missing, refused.Status.Detail);
        }
    }

    [TestMethod]
    public async Task A_stored_file_that_is_gone_fails_the_job_that_needs_it_and_nothing_else()
    {
        var dataset = await studio.UploadAsync(project, SampleTable.Write(Folder["gone.csv"], rows: 100, seed: 99));
        foreach (var stored in Directory.EnumerateFiles(Folder["data"], $"*{dataset.Sha256}*", SearchOption.AllDirectories))
        {
            File.Delete(stored);
        }

        var generator = await studio.LearnAsync(project, dataset.Name, TrainingTime, Steps);

        Assert.AreEqual(GeneratorState.Failed, generator.State);
        Assert.AreNotEqual("INTERNAL", generator.Training.Error.Reason, generator.Training.Error.Message);
        await ServesAsync(server, studio, project);
    }

    /// <summary>Expects an error of the API and answers it.</summary>
    internal static async Task<RpcException> RefusedAsync(Func<Task> call) => await Assert.ThrowsExactlyAsync<RpcException>(call);

    internal static string? ReasonOf(RpcException error) => error.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason;

    /// <summary>The server is healthy and takes a small table the whole way.</summary>
    internal static async Task ServesAsync(ServedProcess server, Studio studio, string project)
    {
        Assert.IsTrue(await server.IsHealthyAsync(), $"{server}");
        var file = Path.GetTempFileName();
        var dataset = await studio.UploadAsync(project, "good.csv", await File.ReadAllBytesAsync(SampleTable.Write(file, rows: 100)));
        File.Delete(file);
        Assert.AreEqual(DatasetState.Ready, dataset.State, dataset.Error?.Message);
        var generator = await studio.LearnAsync(project, dataset.Name, TrainingTime, Steps);
        Assert.AreEqual(GeneratorState.Ready, generator.State, generator.Training?.Error?.Message);
        Assert.HasCount(21, (await studio.DrawAsync(project, generator.Name, rows: 20)).TrimEnd('\n').Split('\n'));
    }

    private static async Task<JobError?> ErrorOfAsync(BadTable bad)
    {
        var dataset = await studio.UploadAsync(project, bad.FileName, bad.Content, bad.SchemaJson);
        if (!bad.ByTraining)
        {
            return dataset.Error;
        }

        Assert.AreEqual(DatasetState.Ready, dataset.State, dataset.Error?.Message);
        return (await studio.LearnAsync(project, dataset.Name, TrainingTime, Steps)).Training?.Error;
    }

    private static async Task<Upload> GetUploadAsync(string name) => await studio.Uploads.GetUploadAsync(new GetUploadRequest { Name = name });
}
