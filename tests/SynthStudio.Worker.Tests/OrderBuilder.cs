using Google.Protobuf.WellKnownTypes;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Tests;

/// <summary>Orders as a compute silo writes them.</summary>
internal static class OrderBuilder
{
    public static JobOrder Profile(TestTables tables, string path) =>
        Order(tables, order => order.Profile = new ProfileOrder { Data = File(path) });

    /// <summary>A look for sets of columns, or with an earlier version, for what differs.</summary>
    public static JobOrder Analyze(TestTables tables, string path, string? earlier, params string[] columns) => Order(
        tables,
        order => order.Analyze = new AnalyzeOrder
        {
            Data = File(path), Earlier = earlier is null ? null : File(earlier), Columns = { columns }, MostColumns = 3,
        });

    public static JobOrder Extract(TestTables tables, string path) => Order(tables, order => order.Extract = new ExtractOrder { Data = File(path) });

    public static JobOrder Evaluate(TestTables tables, string train, string synthetic, string? holdout = null) => Order(
        tables,
        order => order.Evaluate = new EvaluateOrder
        {
            Train = File(train), Synthetic = File(synthetic), Holdout = holdout is null ? null : File(holdout), Seed = 1,
        });

    public static JobOrder Train(TestTables tables, string path, TimeSpan maxTime, params string[] checkpoints) => Order(
        tables,
        order => order.Train = new TrainOrder
        {
            Data = File(path),
            Method = "autoregressive",
            MaxTime = Duration.FromTimeSpan(maxTime),
            Seed = 1,
            Checkpoints = { checkpoints },
            CheckpointInterval = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)),
        });

    /// <summary>The training of a method that reads no data.</summary>
    public static JobOrder Declare(TestTables tables, string declaration) => Order(
        tables, order => order.Train = new TrainOrder { Data = new DataFile(), Method = "schema", Options = { ["declaration"] = declaration } });

    /// <summary>A training under terms, by a schema that declares everything.</summary>
    public static JobOrder TrainPrivately(TestTables tables, string path, string schema, double epsilon) => Order(
        tables,
        order => order.Train = new TrainOrder
        {
            Data = new DataFile { Path = path, FileName = Path.GetFileName(path), SchemaJson = schema, Sha256 = new string('a', 64) },
            Method = "mst", Seed = 1, Privacy = new PrivacyTerms { Epsilon = epsilon, Delta = 1e-6, MaxRowsPerUnit = 1 },
        });

    public static JobOrder Generate(TestTables tables, string model, long rows, params (string Column, string Value)[] given) => Order(
        tables,
        order =>
        {
            order.Generate = new GenerateOrder { Model = model, Rows = rows, Seed = 7, Temperature = 1 };
            order.Generate.Given.Add(given.ToDictionary(g => g.Column, g => g.Value));
        });

    private static DataFile File(string path) => new() { Path = path, FileName = Path.GetFileName(path) };

    private static JobOrder Order(TestTables tables, Action<JobOrder> fill)
    {
        var order = new JobOrder { Job = "projects/p/jobs/j", Epoch = 1, ScratchFolder = tables.NewFolder(), Device = "cpu" };
        fill(order);
        return order;
    }
}
