using System.Globalization;

namespace SynthStudio.Synthesis;

/// <summary>Option values as given, checked against what the method declares: whoever reads one need not check it again.</summary>
internal sealed class MethodOptions
{
    private readonly Dictionary<string, MethodOption> known;
    private readonly IReadOnlyDictionary<string, string> given;

    /// <exception cref="SynthesisException">An option is not the method's, or its value is not allowed.</exception>
    public MethodOptions(string method, IReadOnlyList<MethodOption> known, IReadOnlyDictionary<string, string> given)
    {
        this.known = known.ToDictionary(option => option.Name);
        this.given = given;
        foreach (var (name, value) in given)
        {
            if (!this.known.TryGetValue(name, out var option))
            {
                throw new SynthesisException(
                    SynthesisError.UnknownOption,
                    $"The method '{method}' has no option '{name}'. It has: {string.Join(", ", known.Select(o => o.Name))}.",
                    name);
            }

            if (!option.Accepts(value))
                throw new SynthesisException(SynthesisError.OptionOutOfRange, $"The option '{name}' must be {option.Allowed}.", name);
        }
    }

    /// <summary>The whole number given, else the declared default.</summary>
    public int Integer(string name) => IntegerOrNull(name) ?? throw Undecided(name);

    /// <summary>The whole number given; null when the method is to choose.</summary>
    public int? IntegerOrNull(string name) => Value(name, MethodOptionKind.Integer) is { } text
        ? int.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture)
        : null;

    /// <summary>The number given, else the declared default.</summary>
    public double Number(string name) => NumberOrNull(name) ?? throw Undecided(name);

    /// <summary>The number given; null when the method is to choose.</summary>
    public double? NumberOrNull(string name) => Value(name, MethodOptionKind.Number) is { } text
        ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)
        : null;

    /// <summary>The flag given, else the declared default.</summary>
    public bool Flag(string name) => FlagOrNull(name) ?? throw Undecided(name);

    /// <summary>The flag given; null when the method is to choose.</summary>
    public bool? FlagOrNull(string name) => Value(name, MethodOptionKind.Flag) is { } text ? bool.Parse(text) : null;

    /// <summary>The choice or text given, else the declared default.</summary>
    public string Text(string name) => TextOrNull(name) ?? throw Undecided(name);

    /// <summary>The choice or text given; null when the method is to choose.</summary>
    public string? TextOrNull(string name) => Value(name, MethodOptionKind.Choice, MethodOptionKind.Text);

    private string? Value(string name, params ReadOnlySpan<MethodOptionKind> kinds)
    {
        var option = known[name];
        if (!kinds.Contains(option.Kind)) throw new InvalidOperationException($"The option '{name}' is declared as {option.Kind}.");
        return given.TryGetValue(name, out var value) ? value : option.Default.Length > 0 ? option.Default : null;
    }

    private static InvalidOperationException Undecided(string name) => new($"The option '{name}' has no default: read it by its ...OrNull.");
}
