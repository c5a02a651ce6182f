using SynthStudio.Cli.Outcome;

namespace SynthStudio.Cli.Commands;

/// <summary>Options of the form <c>name=value</c>.</summary>
internal static class KeyValues
{
    /// <exception cref="BadInputException">One has no equals sign, or a name comes twice.</exception>
    public static Dictionary<string, string> Parse(string option, IEnumerable<string> texts)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new BadInputException($"{option}: \"{text}\" must have the form name=value.");
            }

            if (!values.TryAdd(text[..equals].Trim(), text[(equals + 1)..]))
            {
                throw new BadInputException($"{option}: {text[..equals].Trim()} is given twice.");
            }
        }

        return values;
    }
}
