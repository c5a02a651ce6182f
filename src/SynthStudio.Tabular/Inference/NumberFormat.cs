namespace SynthStudio.Tabular;

/// <summary>How many digits after the decimal point are always written: the zeros of a format such as <c>0.00</c> or <c>0.0##</c>.</summary>
/// <param name="LeastPlaces">Digits written even when they are zeros.</param>
internal readonly record struct NumberFormat(int LeastPlaces)
{
    /// <summary>Reads <c>0</c>, <c>0.00</c>, <c>0.0#</c> and the like; what follows the zeros is decided by the decimal places.</summary>
    public static bool TryParse(string text, out NumberFormat format)
    {
        format = default;
        if (text == "0")
        {
            return true;
        }

        if (!text.StartsWith("0.", StringComparison.Ordinal))
        {
            return false;
        }

        var zeros = text.AsSpan(2).IndexOfAnyExcept('0');
        zeros = zeros < 0 ? text.Length - 2 : zeros;
        format = new NumberFormat(zeros);
        return text.Length > 2 && zeros <= NumberText.MaximumPlaces && !text.AsSpan(2 + zeros).ContainsAnyExcept('#');
    }

    /// <summary>The format that always writes <paramref name="least"/> digits and up to <paramref name="most"/>; null for plain whole numbers.</summary>
    public static string? Of(int least, int most) =>
        least == 0 ? null : "0." + new string('0', least) + new string('#', Math.Max(0, most - least));
}
