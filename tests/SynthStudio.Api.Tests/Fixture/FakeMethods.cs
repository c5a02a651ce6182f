using System.Collections.Concurrent;

namespace SynthStudio.Api.Tests.Fixture;

/// <summary>What the workers that are played can do and know: a schema with the word "wrong" in it is none.</summary>
public sealed class FakeMethods : IMethodDirectory, ISchemaChecker, IDeclaredTables, ITrainingForecasts
{
    /// <summary>A schema at which the checker hangs for ever, the first time.</summary>
    public const string HangsOnce = """{"columns": {"hangs": "integer"}}""";

    /// <summary>A schema at which the checker fails with <see cref="Failure"/>.</summary>
    public const string Fails = """{"columns": {"fails": "integer"}}""";

    private readonly TaskCompletionSource _hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _hung;

    /// <summary>Ends when the checker hangs at <see cref="HangsOnce"/>.</summary>
    public Task Hangs => _hangs.Task;

    /// <summary>What it fails with.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What asking fails with; null answers.</summary>
    public MethodsUnknownException? Problem { get; set; }

    public ValueTask<IReadOnlyList<MethodDescription>> ListAsync(CancellationToken cancellation) =>
        Problem is null ? ValueTask.FromResult<IReadOnlyList<MethodDescription>>(All) : throw Problem;

    public async ValueTask<WorkError?> FindFaultAsync(string schemaJson, CancellationToken cancellation)
    {
        if (schemaJson == HangsOnce && Interlocked.Exchange(ref _hung, 1) == 0)
        {
            _hangs.SetResult();
            await new TaskCompletionSource().Task;
        }

        if (schemaJson == Fails && Failure is { } failure) throw failure;
        return schemaJson.Contains("wrong", StringComparison.Ordinal)
            ? new WorkError(WorkErrorClass.User, "INVALID_SCHEMA", "The kind of 'age' is wrong.", "age")
            : null;
    }

    public ValueTask<DeclaredRows> MakeAsync(string declarationJson, int rows, CancellationToken cancellation) => ValueTask.FromResult(
        declarationJson.Contains("wrong", StringComparison.Ordinal)
            ? new DeclaredRows("", new WorkError(WorkErrorClass.User, "INVALID_DECLARATION", "Column 'age': the type is wrong.", "age"))
            : new DeclaredRows("age\n" + string.Concat(Enumerable.Range(1, rows).Select(i => $"{i}\n"))));

    /// <summary>What was asked about trainings, the last first: by this test and by those beside it, which a seed tells apart.</summary>
    public ConcurrentStack<TrainingQuestion> Asked { get; } = new();

    public ValueTask<TrainingForecast?> ForecastAsync(TrainingQuestion question, CancellationToken cancellation)
    {
        Asked.Push(question);
        return ValueTask.FromResult(question.Training.Method switch
        {
            "autoregressive" => new TrainingForecast("autoregressive", "", TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(45), 2, 900L << 20),
            "auto" => new TrainingForecast("copula", "copula: it is the fastest.", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), 2, 100L << 20),
            "copula" => new TrainingForecast("copula", "", null, null, 2, 100L << 20),
            _ => null,
        });
    }

    private static readonly MethodDescription[] All =
    [
        new("autoregressive", "Column by column.",
        [
            new("width", MethodOptionKind.Integer, "Units.", "", "a whole number from 16 to 4096") { Least = 16, Most = 4096 },
            new("learning_rate", MethodOptionKind.Number, "Rate.", "0.002", "a number from 0.000001 to 0.1") { Least = 1e-6, Most = 0.1 },
            new("protect_rare", MethodOptionKind.Flag, "Protects.", "true", "true or false"),
            new("order", MethodOptionKind.Choice, "Order.", "random", "one of: random, given") { Choices = ["random", "given"] },
        ], ["given_values", "warm_start"]) { Memory = new TrainingMemory(300L << 20, 4L << 20, 64, 40_000_000) },
        new("copula", "By ranks.", [], []),
        new(
            "dp-scripted", "Under privacy terms.",
            [
                new("steps", MethodOptionKind.Integer, "Steps.", "400", "a whole number"), new("batch_rows", MethodOptionKind.Integer, "Rows in a step.", "256", "a whole number"),
                new("sample_rate", MethodOptionKind.Number, "Sampling rate.", "", "a number"),
            ],
            ["differential_privacy"]),
        new("bootstrap", "Copies.", [], ["given_values", "copies_rows"]),
        new("schema", "No data.", [new("declaration", MethodOptionKind.Text, "The columns.", "", "any text")], ["no_data"]),
    ];
}
