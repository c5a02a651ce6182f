using System.Globalization;

namespace SynthStudio.Orchestration;

/// <summary>A way to learn a table, as its worker describes it.</summary>
/// <param name="Name">For example <c>autoregressive</c>.</param>
/// <param name="Summary">For people, one line.</param>
/// <param name="Options">Its options, in the order people should see them.</param>
/// <param name="Capabilities">What its models can do beyond drawing rows, in snake_case.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.MethodDescription")]
public sealed record MethodDescription(
    [property: Id(0)] string Name, [property: Id(1)] string Summary, [property: Id(2)] IReadOnlyList<MethodOptionDescription> Options,
    [property: Id(3)] IReadOnlyList<string> Capabilities)
{
    /// <summary>What a training takes of host memory; null when a silo of an earlier version tells of the method.</summary>
    [Id(4)] public TrainingMemory? Memory { get; init; }
}

/// <summary>The most host memory that a training takes, the worker process included.</summary>
/// <param name="Bytes">Of a table of no size.</param>
/// <param name="BytesPerColumn">More for every column.</param>
/// <param name="BytesPerCell">More for every cell that is held.</param>
/// <param name="MostCells">Of larger tables no more cells are held, except under privacy terms.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.TrainingMemory")]
public sealed record TrainingMemory(
    [property: Id(0)] long Bytes, [property: Id(1)] long BytesPerColumn, [property: Id(2)] long BytesPerCell, [property: Id(3)] long MostCells)
{
    /// <summary>Bytes of a training on this many rows and columns.</summary>
    public long Of(long rows, long columns, bool isPrivate) =>
        Bytes + (BytesPerColumn * columns) + (BytesPerCell * (isPrivate ? rows * columns : Math.Min(rows * columns, MostCells)));
}

/// <summary>An option of a method.</summary>
/// <param name="Name">In snake_case.</param>
/// <param name="Kind">What values it takes.</param>
/// <param name="Description">What it does, with the unit.</param>
/// <param name="Default">Empty when the method chooses by the table.</param>
/// <param name="Allowed">The allowed values in words that follow "must be".</param>
[GenerateSerializer, Immutable, Alias("synthstudio.MethodOptionDescription")]
public sealed record MethodOptionDescription(
    [property: Id(0)] string Name, [property: Id(1)] MethodOptionKind Kind, [property: Id(2)] string Description, [property: Id(3)] string Default,
    [property: Id(4)] string Allowed)
{
    /// <summary>The least allowed number; null when the kind has none.</summary>
    [Id(5)] public double? Least { get; init; }

    /// <summary>The greatest allowed number; null when the kind has none.</summary>
    [Id(6)] public double? Most { get; init; }

    /// <summary>The allowed words of a choice.</summary>
    [Id(7)] public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Whether the method takes <paramref name="value"/>. The worker checks it again, by the same rule.</summary>
    public bool Accepts(string value) => Kind switch
    {
        MethodOptionKind.Integer => int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) && Within(whole),
        MethodOptionKind.Number => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Within(number),
        MethodOptionKind.Flag => bool.TryParse(value, out _),
        MethodOptionKind.Choice => Choices.Contains(value),
        _ => true,
    };

    private bool Within(double value) => !double.IsNaN(value) && !(value < Least) && !(value > Most);
}

/// <summary>What values an option takes.</summary>
[GenerateSerializer, Alias("synthstudio.MethodOptionKind")]
public enum MethodOptionKind
{
    Integer,
    Number,
    Flag,
    Choice,
    Text,
}
