namespace SynthStudio.Orchestration;

/// <summary>What a job is to do. Complete in itself: nothing else is looked up when it runs.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkSpec")]
public abstract record WorkSpec
{
    public abstract WorkKind Kind { get; }

    /// <summary>The stored objects it reads.</summary>
    public abstract IEnumerable<ObjectRef> Inputs { get; }
}

/// <summary>Learn a table, or take in what is declared of one.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.TrainingSpec")]
public sealed record TrainingSpec : WorkSpec
{
    public override WorkKind Kind => WorkKind.Training;

    public override IEnumerable<ObjectRef> Inputs => !ReadsData ? [] : Start is { } start ? [Data.Object, start.Model] : [Data.Object];

    /// <summary>Whether there is a table to learn: not where the method's options declare the rows, nor where the model came from elsewhere.</summary>
    public bool ReadsData => Data.Object != DataInput.None.Object;

    /// <summary>The table; <see cref="DataInput.None"/> without one.</summary>
    [Id(0)] public required DataInput Data { get; init; }

    /// <summary>For example <c>autoregressive</c>.</summary>
    [Id(1)] public required string Method { get; init; }

    /// <summary>Method options by name.</summary>
    [Id(2)] public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>Wall-clock limit of training; null lets the method choose.</summary>
    [Id(3)] public TimeSpan? MaxTime { get; init; }

    [Id(4)] public long Seed { get; init; }

    /// <summary>What the training must promise; null for no promise.</summary>
    [Id(5)] public PrivacyTerms? Privacy { get; init; }

    /// <summary>Drawn rows are scored beside the rows that <see cref="Data"/> holds back.</summary>
    [Id(6)] public bool Report { get; init; }

    /// <summary>The model to learn on from; null starts anew.</summary>
    [Id(7)] public StartingModel? Start { get; init; }
}

/// <summary>A model that a training starts from.</summary>
/// <param name="Generator">Whose it was when the training was defined.</param>
/// <param name="Model">The model package.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.StartingModel")]
public sealed record StartingModel([property: Id(0)] string Generator, [property: Id(1)] ObjectRef Model);

/// <summary>Draw rows from a trained generator.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.GenerationSpec")]
public sealed record GenerationSpec : WorkSpec
{
    public override WorkKind Kind => WorkKind.Generation;

    public override IEnumerable<ObjectRef> Inputs => [Model];

    /// <summary>The model package.</summary>
    [Id(0)] public required ObjectRef Model { get; init; }

    [Id(1)] public required long Rows { get; init; }

    [Id(2)] public long Seed { get; init; }

    /// <summary>Exact values by column; null asks for a missing value.</summary>
    [Id(3)] public required IReadOnlyDictionary<string, string?> Given { get; init; }

    [Id(4)] public double Temperature { get; init; } = 1;

    /// <summary>What else the rows must meet: a serialized <c>DrawingTerms</c> in base 64, which only the API and the worker read; empty for nothing.</summary>
    [Id(5)] public string Terms { get; init; } = "";
}

/// <summary>Score a synthetic table.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.EvaluationSpec")]
public sealed record EvaluationSpec : WorkSpec
{
    public override WorkKind Kind => WorkKind.Evaluation;

    public override IEnumerable<ObjectRef> Inputs => new[] { Train, Holdout, Synthetic }.OfType<DataInput>().Select(input => input.Object);

    [Id(0)] public required DataInput Train { get; init; }

    /// <summary>Real rows that the generator has not seen; null when there are none.</summary>
    [Id(1)] public DataInput? Holdout { get; init; }

    [Id(2)] public required DataInput Synthetic { get; init; }

    [Id(3)] public long Seed { get; init; }

    /// <summary>What is looked at: a serialized <c>EvaluationSettings</c> in base 64, which only the API and the worker read; empty for the defaults.</summary>
    [Id(4)] public string Settings { get; init; } = "";

    /// <summary>The generator that drew the synthetic table; null for one from elsewhere.</summary>
    [Id(5)] public EvaluatedGenerator? Generator { get; init; }
}

/// <summary>What a report says of the generator whose rows it scores.</summary>
/// <param name="Method">For example <c>autoregressive</c>; empty when its model is not the one that drew the rows any more.</param>
/// <param name="ModelSha256">Of the model package; empty likewise.</param>
/// <param name="Epsilon">What it promises, in nats; null without a promise.</param>
/// <param name="Delta">The probability that the promise does not hold; null without a promise.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.EvaluatedGenerator")]
public sealed record EvaluatedGenerator(
    [property: Id(0)] string Method,
    [property: Id(1)] string ModelSha256,
    [property: Id(2)] double? Epsilon = null,
    [property: Id(3)] double? Delta = null);

/// <summary>Read a table, infer or check its schema and profile it.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.ProfilingSpec")]
public sealed record ProfilingSpec : WorkSpec
{
    public override WorkKind Kind => WorkKind.Profiling;

    public override IEnumerable<ObjectRef> Inputs => [Data.Object];

    [Id(0)] public required DataInput Data { get; init; }

    /// <summary>Only fingerprints of rows are made: nothing of the table, not even its size, is told.</summary>
    [Id(1)] public bool Withheld { get; init; }
}

/// <summary>Look closer at a table: for sets of columns that tell its rows apart, or for how it differs from an earlier version.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.AnalysisSpec")]
public sealed record AnalysisSpec : WorkSpec
{
    public override WorkKind Kind => WorkKind.Analysis;

    public override IEnumerable<ObjectRef> Inputs => Earlier is { } earlier ? [Data.Object, earlier.Object] : [Data.Object];

    [Id(0)] public required DataInput Data { get; init; }

    /// <summary>The earlier version; null looks for sets of columns.</summary>
    [Id(1)] public DataInput? Earlier { get; init; }

    /// <summary>The columns that strangers may know; empty for all but keys.</summary>
    [Id(2)] public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Columns in a set, 1 to 4.</summary>
    [Id(3)] public int MostColumns { get; init; } = 3;
}

/// <summary>Write a table as CSV, with the types of its columns, for its export.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.ExtractionSpec")]
public sealed record ExtractionSpec : WorkSpec
{
    public override WorkKind Kind => WorkKind.Extraction;

    public override IEnumerable<ObjectRef> Inputs => [Data.Object];

    [Id(0)] public required DataInput Data { get; init; }
}
