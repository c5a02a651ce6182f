using System.Globalization;

namespace SynthStudio.Synthesis;

/// <summary>An option of a method: its name, meaning, default and allowed values. Made by the factory of its kind.</summary>
public sealed record MethodOption
{
    private MethodOption(
        string name, MethodOptionKind kind, string description, string? byDefault, double? least, double? most, IReadOnlyList<string> choices)
    {
        (Name, Kind, Description, Default) = (name, kind, description, byDefault ?? "");
        (Least, Most, Choices) = (least, most, choices);
        if (byDefault is not null && !Accepts(byDefault)) throw new ArgumentException($"The default of '{name}' must be {Allowed}.", nameof(byDefault));
    }

    /// <summary>In snake_case, as users write it.</summary>
    public string Name { get; }

    /// <summary>What values it takes.</summary>
    public MethodOptionKind Kind { get; }

    /// <summary>One line, with the unit.</summary>
    public string Description { get; }

    /// <summary>The value when it is not given; empty when the method chooses by the data.</summary>
    public string Default { get; }

    /// <summary>The least allowed number; null for flags, choices and text.</summary>
    public double? Least { get; }

    /// <summary>The greatest allowed number; null for flags, choices and text.</summary>
    public double? Most { get; }

    /// <summary>The allowed words of a choice; empty for the other kinds.</summary>
    public IReadOnlyList<string> Choices { get; }

    /// <summary>The allowed values in words that follow "must be", for example <c>a whole number from 1 to 10000</c>.</summary>
    public string Allowed => Kind switch
    {
        MethodOptionKind.Integer => $"a whole number from {Plain(Least)} to {Plain(Most)}",
        MethodOptionKind.Number => $"a number from {Plain(Least)} to {Plain(Most)}",
        MethodOptionKind.Flag => "true or false",
        MethodOptionKind.Choice => $"one of: {string.Join(", ", Choices)}",
        _ => "any text",
    };

    /// <summary>A whole number; without a default the method chooses by the data.</summary>
    public static MethodOption Integer(string name, string description, int least, int most, int? byDefault = null) =>
        new(name, MethodOptionKind.Integer, description, byDefault?.ToString(CultureInfo.InvariantCulture), least, most, []);

    /// <summary>A number; without a default the method chooses by the data.</summary>
    public static MethodOption Number(string name, string description, double least, double most, double? byDefault = null) =>
        new(name, MethodOptionKind.Number, description, byDefault is { } value ? Plain(value) : null, least, most, []);

    /// <summary>Of every method that learns categories from rows.</summary>
    public static MethodOption ProtectRare { get; } = Flag(
        "protect_rare", "Rare categories and extreme values never come out: rare categories are invented where there are many, else frequent ones take their place.", true);

    /// <summary>true or false; without a default the method chooses by the data.</summary>
    public static MethodOption Flag(string name, string description, bool? byDefault = null) =>
        new(name, MethodOptionKind.Flag, description, byDefault switch { true => "true", false => "false", null => null }, null, null, []);

    /// <summary>One of <paramref name="choices"/>; without a default the method chooses by the data.</summary>
    public static MethodOption Choice(string name, string description, IReadOnlyList<string> choices, string? byDefault = null) =>
        new(name, MethodOptionKind.Choice, description, byDefault, null, null, choices);

    /// <summary>Any text; without a default it is not used.</summary>
    public static MethodOption Text(string name, string description, string? byDefault = null) =>
        new(name, MethodOptionKind.Text, description, byDefault, null, null, []);

    /// <summary>Whether <paramref name="value"/>, as users write it, is allowed.</summary>
    public bool Accepts(string value) => Kind switch
    {
        MethodOptionKind.Integer => int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole) && Within(whole),
        MethodOptionKind.Number => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Within(number),
        MethodOptionKind.Flag => bool.TryParse(value, out _),
        MethodOptionKind.Choice => Choices.Contains(value),
        _ => true,
    };

    private bool Within(double value) => value >= Least && value <= Most;

    /// <summary>Without an exponent, so that people and programs read it alike.</summary>
    private static string Plain(double? value) => value?.ToString("0.####################", CultureInfo.InvariantCulture) ?? "";
}
