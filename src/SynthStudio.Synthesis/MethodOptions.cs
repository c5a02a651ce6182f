using System.Globalization;

namespace SynthStudio.Synthesis;

/// <summary>Option values as given, checked against what the method has.</summary>
internal sealed class MethodOptions
{
    private readonly IReadOnlyDictionary<string, string> given;

    /// <exception cref="SynthesisException">An option is not the method's.</exception>
    public MethodOptions(string method, IReadOnlyList<MethodOption> known, IReadOnlyDictionary<string, string> given)
    {
        foreach (var name in given.Keys)
        {
            if (known.All(option => option.Name != name))
            {
                throw new SynthesisException(
                    SynthesisError.UnknownOption,
                    $"The method '{method}' has no option '{name}'. It has: {string.Join(", ", known.Select(option => option.Name))}.",
                    name);
            }
        }

        this.given = given;
    }

    /// <summary>A whole number; null when not given.</summary>
    public long? Integer(string name, long least, long most) =>
        !given.TryGetValue(name, out var text)
            ? null
            : long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
                ? value
                : throw OutOfRange(name, FormattableString.Invariant($"a whole number from {least} to {most}"));

    /// <summary>A number; null when not given.</summary>
    public double? Number(string name, double least, double most) =>
        !given.TryGetValue(name, out var text)
            ? null
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
                ? value
                : throw OutOfRange(name, FormattableString.Invariant($"a number from {least} to {most}"));

    /// <summary>true or false; null when not given.</summary>
    public bool? Flag(string name) =>
        !given.TryGetValue(name, out var text) ? null : bool.TryParse(text, out var value) ? value : throw OutOfRange(name, "true or false");

    private static SynthesisException OutOfRange(string name, string allowed) =>
        new(SynthesisError.OptionOutOfRange, $"The option '{name}' must be {allowed}.", name);
}
