using System.Diagnostics;
using System.Text.RegularExpressions;
using SynthStudio.Worker.Protocol;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Tests;

[TestClass]
public sealed partial class ConversationTests : IDisposable
{
    private readonly TestTables tables = new();

    public void Dispose() => tables.Dispose();

    [TestMethod]
    public async Task Garbage_instead_of_an_order_ends_it_without_a_word_on_standard_output()
    {
        var (exitCode, output, errors) = await FeedAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());

        Assert.AreEqual(2, exitCode);
        Assert.AreEqual("", output);
        Assert.Contains("not a worker order", errors);
    }

    [TestMethod]
    public async Task An_input_that_ends_before_an_order_ends_it()
    {
        var (exitCode, output, _) = await FeedAsync([]);

        Assert.AreEqual(3, exitCode);
        Assert.AreEqual("", output);
    }

    [TestMethod]
    public async Task A_worker_whose_silo_dies_exits_with_its_training_unfinished()
    {
        var order = OrderBuilder.Train(tables, tables.WriteShop("shop.csv", 2000, 1), TimeSpan.FromMinutes(2));
        order.Train.Options["steps"] = "100000";
        using var process = Start();
        using var channel = WorkerChannel.ForSilo(process.StandardOutput.BaseStream, process.StandardInput.BaseStream);
        await channel.WriteAsync(new WorkerInput { Order = order });
        while ((await channel.ReadAsync())?.Progress?.Step != "train")
        {
        }

        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);

        Assert.AreEqual(3, process.ExitCode);
    }

    [TestMethod]
    public async Task It_says_that_it_lives_and_what_it_has_computed_while_it_has_a_job_and_not_after()
    {
        var order = OrderBuilder.Train(tables, tables.WriteShop("shop.csv", 2000, 1), TimeSpan.FromSeconds(8));
        order.Train.Options["steps"] = "100000";
        var run = await WorkerRun.OfAsync(order);

        Assert.IsNotNull(run.Completed);
        var times = run.Outputs.Select(o => o.Heartbeat).OfType<Heartbeat>().Select(h => h.ProcessorTime.ToTimeSpan()).ToList();
        Assert.IsGreaterThanOrEqualTo(3, times.Count);
        CollectionAssert.AreEqual(times.Order().ToList(), times);
        Assert.IsGreaterThan(TimeSpan.FromMilliseconds(100), times[^1] - times[0], "It did not compute.");
    }

    [TestMethod]
    [DataRow("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "ingest profile")]
    [DataRow("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", "", DisplayName = "nobody samples it")]
    [DataRow("", "", DisplayName = "nobody traces it")]
    public async Task It_tells_when_each_step_began_and_ended_where_its_order_is_traced(string traceParent, string told)
    {
        var order = OrderBuilder.Profile(tables, tables.WriteShop("shop.csv", 200, 1));
        order.TraceParent = traceParent;

        var run = await WorkerRun.OfAsync(order);

        Assert.IsNotNull(run.Completed);
        var steps = run.Outputs.Select(o => o.StepEnded).OfType<StepEnded>().ToList();
        Assert.AreEqual(told, string.Join(' ', steps.Select(s => s.Step)));
        foreach (var step in steps) Assert.IsLessThanOrEqualTo(step.EndTime.ToDateTimeOffset(), step.BeginTime.ToDateTimeOffset());
        foreach (var (before, after) in steps.Zip(steps.Skip(1)))
            Assert.IsLessThanOrEqualTo(after.BeginTime.ToDateTimeOffset(), before.EndTime.ToDateTimeOffset());
    }

    [TestMethod]
    public async Task An_order_without_a_job_fails_as_internal()
    {
        var run = await WorkerRun.OfAsync(new JobOrder { Job = "projects/p/jobs/j", ScratchFolder = tables.NewFolder() });

        Assert.AreEqual(Failed.Types.Class.Internal, run.Failed.Class);
        StringAssert.Matches(run.Failed.Trace, TypeAndFrame());
    }

    [TestMethod]
    [DataRow("""{"columns":{"age":"integer","city":{"kind":"categorical"}},"target":"city"}""", null)]
    [DataRow("""{"columns":{"age":"magic"}}""", "age")]
    [DataRow("""{"columns":{"age":{"kind":"integer","colour":"red"}}}""", "age")]
    [DataRow("""{"colums":{}}""", "")]
    [DataRow("""{"columns":""", "")]
    public async Task Asked_about_a_schema_it_says_what_is_wrong_with_it(string schema, string? column)
    {
        using var process = Start("--check-schema");
        using var channel = WorkerChannel.ForSilo(process.StandardOutput.BaseStream, process.StandardInput.BaseStream);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await channel.WriteAsync(new WorkerInput { CheckSchema = new() { SchemaJson = schema } }, patience.Token);

        var answer = (await channel.ReadAsync(patience.Token))!;
        await process.WaitForExitAsync(patience.Token);

        Assert.AreEqual(0, process.ExitCode);
        if (column is null)
        {
            Assert.IsNotNull(answer.Completed, answer.ToString());
            return;
        }

        Assert.AreEqual(Failed.Types.Class.User, answer.Failed.Class);
        Assert.AreEqual(column, answer.Failed.Subject, answer.Failed.Message);
    }

    [TestMethod]
    [DataRow("auto", "autoregressive", 0)]
    [DataRow("auto", "cart", 5)]
    [DataRow("copula", "copula", 0)]
    [DataRow("dp-ctgan", "dp-ctgan", 0)]
    public async Task Asked_about_a_training_it_says_what_would_learn_for_how_long_and_in_how_much_memory(string method, string learns, int limit)
    {
        var question = new ForecastTraining
        {
            Method = method, Rows = 20_000, Columns = 3, HoldsBack = true, Threads = 2, SchemaJson = """{"columns":{"age":"integer","city":"categorical","name":"text"}}""",
            MaxTime = limit > 0 ? Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(limit)) : null,
        };

        var forecast = (await AskAsync("--forecast-training", new WorkerInput { ForecastTraining = question })).TrainingForecast;

        Assert.AreEqual(learns, forecast.Method);
        Assert.AreEqual(method == "auto", forecast.Reason.Contains("18,000 rows, 1 columns of numbers and 1 of categories", StringComparison.Ordinal), forecast.Reason);
        Assert.IsGreaterThan(100L << 20, forecast.MemoryBytes);
        Assert.AreEqual(2, forecast.Threads);
        if (method == "dp-ctgan") Assert.IsNull(forecast.Time);
        else Assert.IsGreaterThanOrEqualTo(forecast.Time.ToTimeSpan(), forecast.ProcessorTime.ToTimeSpan());
    }

    [TestMethod]
    public async Task Asked_about_a_training_with_a_wrong_option_it_says_so()
    {
        var question = new ForecastTraining { Method = "cart", Rows = 100, Columns = 2, Options = { ["depth"] = "3" } };
        Assert.AreEqual("UNKNOWN_OPTION", (await AskAsync("--forecast-training", new WorkerInput { ForecastTraining = question })).Failed.Reason);
    }

    private static async Task<WorkerOutput> AskAsync(string argument, WorkerInput question)
    {
        using var process = Start(argument);
        using var channel = WorkerChannel.ForSilo(process.StandardOutput.BaseStream, process.StandardInput.BaseStream);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await channel.WriteAsync(question, patience.Token);
        var answer = (await channel.ReadAsync(patience.Token))!;
        await process.WaitForExitAsync(patience.Token);
        Assert.AreEqual(0, process.ExitCode);
        return answer;
    }

    [TestMethod]
    [DataRow("""{"columns":{"id":{"type":"sequence"},"ward":{"type":"category","values":["north"]}}}""", null)]
    [DataRow("""{"columns":{"id":{"type":"magic"}}}""", "the type 'magic' is unknown")]
    [DataRow("""{"columns":{""", "not valid JSON")]
    [DataRow("""{"columns":{"id":{"type":"regex","pattern":"a{3000000}"}}}""", "")]
    public async Task Asked_for_rows_of_a_declared_table_it_makes_them_or_says_what_is_wrong(string declaration, string? fault)
    {
        using var process = Start("--try-declaration");
        using var channel = WorkerChannel.ForSilo(process.StandardOutput.BaseStream, process.StandardInput.BaseStream);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await channel.WriteAsync(new WorkerInput { TryDeclaration = new() { DeclarationJson = declaration, Rows = 3 } }, patience.Token);

        var answer = (await channel.ReadAsync(patience.Token))!;
        await process.WaitForExitAsync(patience.Token);

        Assert.AreEqual(0, process.ExitCode);
        if (fault is null) Assert.AreEqual("id,ward\n1,north\n2,north\n3,north\n", answer.DeclaredRows.Csv);
        else Assert.Contains(fault, answer.Failed.Message);
    }

    [TestMethod]
    public async Task Asked_what_it_can_do_it_tells_its_methods_and_leaves()
    {
        using var process = Start("--describe");
        using var channel = WorkerChannel.ForSilo(process.StandardOutput.BaseStream, process.StandardInput.BaseStream);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        var description = (await channel.ReadAsync(patience.Token))!.Description;
        await process.WaitForExitAsync(patience.Token);

        Assert.AreEqual(0, process.ExitCode);
        Assert.IsNull(await channel.ReadAsync(patience.Token));
        Assert.AreEqual("autoregressive", description.Methods[0].Name);
        Assert.IsTrue(description.Methods.All(m => m.Summary.Length > 0));
        Assert.AreEqual("cpu", description.Devices[0]);
        CollectionAssert.Contains(description.Methods[0].Capabilities, "given_values");
        CollectionAssert.DoesNotContain(description.Methods[0].Capabilities, "given", "Single capabilities only.");
        foreach (var method in description.Methods)
            Assert.IsTrue(method is { MemoryBytes: > 100 << 20, MemoryBytesPerCell: > 8, MostCellsInMemory: > 1_000_000 }, method.Name);
        Assert.IsGreaterThan(1 << 20, description.Methods[0].MemoryBytesPerColumn, "500 columns were measured to take 2,136 MB.");
        var options = description.Methods[0].Options;
        var width = options.Single(o => o.Name == "width");
        Assert.AreEqual((MethodOption.Types.Kind.Integer, 16.0, 4096.0, ""), (width.Kind, width.Least, width.Most, width.DefaultValue));
        var rate = options.Single(o => o.Name == "learning_rate");
        Assert.AreEqual((MethodOption.Types.Kind.Number, "0.002", "a number from 0.000001 to 0.1"), (rate.Kind, rate.DefaultValue, rate.Allowed));
        Assert.AreEqual(
            "protect_rare true, refine true",
            string.Join(", ", options.Where(o => o.Kind == MethodOption.Types.Kind.Flag).Select(o => $"{o.Name} {o.DefaultValue}").Order()));
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(WorkerLocator.Find(), arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static async Task<(int ExitCode, string Output, string Errors)> FeedAsync(byte[] bytes)
    {
        using var process = Start();
        await process.StandardInput.BaseStream.WriteAsync(bytes);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output, await errors);
    }

    [GeneratedRegex(@"\A[\w.]+Exception\n +at SynthStudio\.Worker\.")]
    private static partial Regex TypeAndFrame();
}
