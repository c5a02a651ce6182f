namespace SynthStudio.Bench;

/// <summary>Arguments of the form <c>--name value</c>.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> values = [];

    public static Arguments Parse(string[] args)
    {
        var parsed = new Arguments();
        for (var i = 0; i + 1 < args.Length; i += 2) parsed.values[args[i].TrimStart('-')] = args[i + 1];
        return parsed;
    }

    /// <summary>Takes a value out, so that what is left are the method's options.</summary>
    public string? Take(string name) => values.Remove(name, out var value) ? value : null;

    public IReadOnlyDictionary<string, string> Rest => values;
}
