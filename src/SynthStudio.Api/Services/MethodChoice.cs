using Google.Rpc;
using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Services;

/// <summary>Checks a generator's method and options against what the workers can do, before anything waits in a queue for them.</summary>
internal sealed class MethodChoice(IMethodDirectory methods)
{
    private const string MethodField = "generator.method";
    private const string DifferentialPrivacy = "differential_privacy";
    private const string WarmStart = "warm_start";
    public const string Auto = "auto";

    /// <summary>The method's name, the default's when none is wanted. Every option that is wrong is in the error.</summary>
    /// <exception cref="MethodsUnknownException">No worker can tell which methods there are.</exception>
    public async ValueTask<string> ResolveAsync(
        string wanted, IReadOnlyDictionary<string, string> options, bool isPrivate, CancellationToken cancellation)
    {
        var known = await methods.ListAsync(cancellation);
        if (isPrivate) wanted = ResolvePrivate(known, wanted);
        var method = wanted.Length == 0 ? known[0] : known.FirstOrDefault(m => m.Name == wanted) ?? throw ApiErrors.InvalidField(
            MethodField, $"must be one of: {string.Join(", ", known.Select(m => m.Name))}.", ErrorReasons.UnknownMethod);

        var wrong = options.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => Judge(method, o.Key, o.Value)).OfType<WrongOption>().ToList();
        return wrong.Count == 0 ? method.Name : throw ApiErrors.InvalidFields(
            wrong[0].Reason,
            [("method", method.Name), ("option", wrong[0].Name), ("allowed", wrong[0].Allowed)],
            [.. wrong.Select(w => new BadRequest.Types.FieldViolation { Field = $"generator.options[\"{w.Name}\"]", Description = w.Problem })]);
    }

    /// <summary>Whether a method can learn on from an earlier model.</summary>
    /// <exception cref="MethodsUnknownException">No worker can tell which methods there are.</exception>
    public async ValueTask<bool> CanLearnOnAsync(string method, CancellationToken cancellation) =>
        (await methods.ListAsync(cancellation)).Any(m => m.Name == method && m.Capabilities.Contains(WarmStart));

    /// <summary>A method that can keep privacy terms. None wanted, or auto, takes auto where that can, else the first that can.</summary>
    private static string ResolvePrivate(IReadOnlyList<MethodDescription> known, string wanted)
    {
        var able = known.Where(m => m.Capabilities.Contains(DifferentialPrivacy)).Select(m => m.Name).ToList();
        if (able.Contains(wanted)) return wanted;
        if (wanted.Length > 0 && wanted != Auto && known.All(m => m.Name != wanted)) return wanted; // Refused as unknown.
        if (able.Count > 0 && wanted is "" or Auto) return able.Contains(Auto) ? Auto : able[0];
        throw ApiErrors.InvalidField(
            MethodField,
            able.Count == 0 ? "no method of this server trains under privacy terms." : $"{wanted} cannot train under privacy terms; these can: {string.Join(", ", able)}.",
            ErrorReasons.MethodNotPrivate);
    }

    private static WrongOption? Judge(MethodDescription method, string name, string value)
    {
        if (method.Options.FirstOrDefault(o => o.Name == name) is { } option)
        {
            return option.Accepts(value)
                ? null
                : new WrongOption(name, ErrorReasons.OptionOutOfRange, option.Allowed, $"must be {option.Allowed}.");
        }

        var all = string.Join(", ", method.Options.Select(o => o.Name));
        return new WrongOption(name, ErrorReasons.UnknownOption, all, $"is not an option of {method.Name}. It has: {all}.");
    }

    private sealed record WrongOption(string Name, string Reason, string Allowed, string Problem);
}
