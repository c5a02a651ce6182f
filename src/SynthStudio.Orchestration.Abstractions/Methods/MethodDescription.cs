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
    [property: Id(3)] IReadOnlyList<string> Capabilities);

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
