using System.Text.Json;
using System.Text.Json.Nodes;

namespace SynthStudio.Privacy.Events;

/// <summary>
/// Events from JSON and back: one object or an array of them, each <c>{"type": …, parameters, "count": n}</c>. Types: gaussian,
/// discrete_gaussian and laplace (noise_multiplier), exponential_mechanism (epsilon), approximate_dp (epsilon, delta), zcdp (rho),
/// poisson_gaussian, poisson_discrete_gaussian and poisson_laplace (noise_multiplier, sample_rate), poisson_approximate_dp (sample_rate,
/// epsilon, delta), user_level_sampled_gaussian (noise_multiplier, sample_rate, max_records), non_private. For sampled types <c>steps</c>
/// means the same as <c>count</c>.
/// </summary>
public static class PrivacyEventJson
{
    private static readonly Dictionary<string, (string[] Parameters, Func<double[], PrivacyEvent> Make)> Types = new()
    {
        ["gaussian"] = (["noise_multiplier"], p => new GaussianEvent(p[0])),
        ["discrete_gaussian"] = (["noise_multiplier"], p => new DiscreteGaussianEvent(p[0])),
        ["laplace"] = (["noise_multiplier"], p => new LaplaceEvent(p[0])),
        ["exponential_mechanism"] = (["epsilon"], p => new ExponentialMechanismEvent(p[0])),
        ["approximate_dp"] = (["epsilon", "delta"], p => new ApproximateDpEvent(p[0], p[1])),
        ["zcdp"] = (["rho"], p => new ZeroConcentratedEvent(p[0])),
        ["poisson_gaussian"] = (["sample_rate", "noise_multiplier"], p => new PoissonSampledEvent(p[0], new GaussianEvent(p[1]))),
        ["poisson_discrete_gaussian"] = (["sample_rate", "noise_multiplier"], p => new PoissonSampledEvent(p[0], new DiscreteGaussianEvent(p[1]))),
        ["poisson_laplace"] = (["sample_rate", "noise_multiplier"], p => new PoissonSampledEvent(p[0], new LaplaceEvent(p[1]))),
        ["poisson_approximate_dp"] = (["sample_rate", "epsilon", "delta"], p => new PoissonSampledEvent(p[0], new ApproximateDpEvent(p[1], p[2]))),
        ["user_level_sampled_gaussian"] =
            (["noise_multiplier", "sample_rate", "max_records"], p => new UserLevelSampledGaussianEvent(p[0], p[1], (int)Whole(p[2], "max_records"))),
        ["non_private"] = ([], _ => new NonPrivateEvent()),
    };

    /// <summary>A list that <see cref="Parse"/> reads: every atomic event once, with how often it happened.</summary>
    public static string Write(PrivacyEvent privacyEvent)
    {
        var list = new JsonArray();
        foreach (var (e, count) in PrivacyEvents.Flatten(privacyEvent))
        {
            var entry = new JsonObject { ["type"] = e.Kind };
            foreach (var (name, value) in Types[e.Kind].Parameters.Zip(ParametersOf(e))) entry[name] = value;
            entry["count"] = count;
            list.Add((JsonNode)entry);
        }

        return list.ToJsonString();
    }

    /// <summary>In the order in which <see cref="Types"/> names them.</summary>
    private static double[] ParametersOf(PrivacyEvent e) => e switch
    {
        GaussianEvent gaussian => [gaussian.NoiseMultiplier],
        DiscreteGaussianEvent discrete => [discrete.NoiseMultiplier],
        LaplaceEvent laplace => [laplace.NoiseMultiplier],
        ExponentialMechanismEvent exponential => [exponential.Epsilon],
        ApproximateDpEvent box => [box.Epsilon, box.Delta],
        ZeroConcentratedEvent concentrated => [concentrated.Rho],
        PoissonSampledEvent sampled => [sampled.SampleRate, .. ParametersOf(sampled.Mechanism)],
        UserLevelSampledGaussianEvent user => [user.NoiseMultiplier, user.SampleRate, user.MaxRecords],
        _ => [],
    };

    /// <summary>Reads a list of events, or a single one.</summary>
    /// <exception cref="PrivacyException">The text is no JSON, a type or parameter is unknown or missing, or a parameter is out of range; the message
    /// says which event, counted from 1.</exception>
    public static PrivacyEvent Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Array
                ? new ComposedEvent([.. root.EnumerateArray().Select((e, i) => One(e, i + 1))])
                : One(root, 1);
        }
        catch (JsonException exception)
        {
            throw Malformed($"The events are no valid JSON: {exception.Message}");
        }
    }

    private static RepeatedEvent One(JsonElement element, int place)
    {
        if (element.ValueKind != JsonValueKind.Object) throw Malformed($"Event {place} is not a JSON object.");
        var values = element.EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
        if (!values.Remove("type", out var name) || name.ValueKind != JsonValueKind.String || !Types.TryGetValue(name.GetString()!, out var type))
            throw Malformed($"Event {place} needs a \"type\", one of: {string.Join(", ", Types.Keys)}.", "type");
        var count = Whole(Take("count") ?? Take("steps") ?? 1, "count");
        var parameters = type.Parameters
            .Select(p => Take(p) ?? throw Malformed($"Event {place} ({name.GetString()}) needs the number \"{p}\".", p)).ToArray();
        if (values.Count > 0) throw Malformed($"Event {place} ({name.GetString()}) has no parameter \"{values.Keys.First()}\".", values.Keys.First());
        try
        {
            return type.Make(parameters).Times(count);
        }
        catch (PrivacyException exception)
        {
            throw new PrivacyException(exception.Error, $"Event {place}: {exception.Message}", exception.Subject);
        }

        double? Take(string key) =>
            !values.Remove(key, out var value) ? null
            : value.ValueKind == JsonValueKind.Number ? value.GetDouble()
            : throw Malformed($"\"{key}\" of event {place} must be a number.", key);
    }

    private static long Whole(double value, string name) =>
        value == Math.Floor(value) && Math.Abs(value) < 1L << 53 ? (long)value : throw Malformed($"\"{name}\" must be a whole number, not {value}.", name);

    private static PrivacyException Malformed(string message, string? subject = null) => new(PrivacyError.Malformed, message, subject);
}
