using System.Text.Json;

namespace SynthStudio.Mock;

/// <summary>
/// The <c>correlations</c> of a mock schema: a list of <c>{"columns": ["a", "b"], "value": 0.7}</c>. Pairs that share a
/// column form one group.
/// </summary>
internal static class CorrelationReader
{
    /// <summary>Set in the streams of groups.</summary>
    private const ulong GroupStream = 1UL << 41;

    private static readonly string[] Correlatable =
        ["normal", "lognormal", "uniform", "exponential", "poisson", "integer", "date", "datetime", "time", "category", "boolean"];

    /// <summary>The correlated columns' sources, by column.</summary>
    public static Dictionary<string, IUniformSource> Read(JsonElement? element, List<JsonProperty> columns)
    {
        var sources = new Dictionary<string, IUniformSource>(StringComparer.Ordinal);
        if (element is not { } list)
        {
            return sources;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new MockSchemaException("'correlations' must be a list of objects such as {\"columns\": [\"a\", \"b\"], \"value\": 0.7}.");
        }

        var pairs = list.EnumerateArray().Select((item, i) => ReadPair(item, i + 1, columns)).ToList();
        var names = pairs.SelectMany(p => new[] { p.A, p.B }).Distinct().ToList();
        while (names.Count > 0)
        {
            var group = Connected(names[0], pairs);
            names.RemoveAll(group.Contains);
            var correlations = new double[group.Count, group.Count];
            for (var i = 0; i < group.Count; i++)
            {
                correlations[i, i] = 1;
            }

            foreach (var (a, b, value) in pairs.Where(p => group.Contains(p.A)))
            {
                int i = group.IndexOf(a), j = group.IndexOf(b);
                (correlations[i, j], correlations[j, i]) = (value, value);
            }

            var factor = CorrelatedUniforms.Factor(correlations)
                ?? throw new MockSchemaException($"The correlations of {string.Join(", ", group)} contradict each other: no numbers have them all.");
            var stream = GroupStream + (ulong)columns.FindIndex(c => c.Name == group[0]);
            for (var i = 0; i < group.Count; i++)
            {
                sources[group[i]] = new CorrelatedUniforms(stream, factor[i]);
            }
        }

        return sources;
    }

    private static List<string> Connected(string start, List<(string A, string B, double Value)> pairs)
    {
        List<string> group = [start];
        for (var i = 0; i < group.Count; i++)
        {
            foreach (var (a, b, _) in pairs.Where(p => p.A == group[i] || p.B == group[i]))
            {
                var other = a == group[i] ? b : a;
                if (!group.Contains(other))
                {
                    group.Add(other);
                }
            }
        }

        return group;
    }

    private static (string A, string B, double Value) ReadPair(JsonElement item, int number, List<JsonProperty> columns)
    {
        var where = $"Correlation {number}";
        if (item.ValueKind != JsonValueKind.Object)
        {
            throw new MockSchemaException($"{where} must be an object such as {{\"columns\": [\"a\", \"b\"], \"value\": 0.7}}.");
        }

        var read = new JsonProperties(item, where);
        var names = read.Required("columns");
        var value = read.Number("value", -0.999, 0.999) ?? throw read.Wrong("'value' is needed");
        read.RefuseOthers();
        if (names.ValueKind != JsonValueKind.Array || names.GetArrayLength() != 2 || names.EnumerateArray().Any(n => n.ValueKind != JsonValueKind.String)
            || names[0].GetString() == names[1].GetString())
        {
            throw read.Wrong("'columns' must name two columns");
        }

        foreach (var name in names.EnumerateArray().Select(n => n.GetString()!))
        {
            var type = columns.Find(c => c.Name == name).Value is { ValueKind: JsonValueKind.Object } column && column.TryGetProperty("type", out var t)
                ? t.ToString()
                : throw read.Wrong($"there is no column '{name}'");
            if (!Correlatable.Contains(type))
            {
                throw read.Wrong($"a column of type '{type}' cannot be correlated; an expression can make it depend on others");
            }
        }

        return (names[0].GetString()!, names[1].GetString()!, value);
    }
}
