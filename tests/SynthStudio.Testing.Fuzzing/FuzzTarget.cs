using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SynthStudio.Testing.Fuzzing;

/// <summary>A method of the API and where its request names what it is about, as its HTTP rule says.</summary>
public sealed partial class FuzzTarget
{
    private readonly string? _field;
    private readonly Regex? _pattern;

    private FuzzTarget(MethodDescriptor method)
    {
        Method = method;
        var rule = method.GetOptions()?.GetExtension(AnnotationsExtensions.Http);
        var path = rule is null ? "" : rule.Get + rule.Post + rule.Put + rule.Patch + rule.Delete;
        if (Variable().Match(path) is not { Success: true } found) return;
        (_field, _pattern) = (found.Groups["field"].Value, new Regex($"^{found.Groups["shape"].Value.Replace("*", "[^/]+", StringComparison.Ordinal)}$"));
    }

    /// <summary>Every method of the API.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        .. typeof(V1.Job).Assembly.GetTypes()
            .Where(t => t.Name.EndsWith("Reflection", StringComparison.Ordinal) && t.GetProperty("Descriptor")?.PropertyType == typeof(FileDescriptor))
            .Select(t => (FileDescriptor)t.GetProperty("Descriptor")!.GetValue(null)!)
            .SelectMany(file => file.Services)
            .SelectMany(service => service.Methods)
            .Select(method => new FuzzTarget(method))
            .OrderBy(target => target.ToString(), StringComparer.Ordinal),
    ];

    public MethodDescriptor Method { get; }

    /// <summary>A request in bytes: mostly of the right kind and about something that exists, else damaged or noise.</summary>
    /// <param name="random">Decides everything.</param>
    /// <param name="names">Resource names that exist.</param>
    public byte[] Request(Random random, IReadOnlyList<string> names)
    {
        if (random.Next(20) == 0) return ByteMutator.Noise(random);
        var message = new MessageMaker(random, names).Make(Method.InputType);
        var fitting = _pattern is null ? [] : names.Where(name => _pattern.IsMatch(name)).ToArray();
        if (fitting.Length > 0 && random.Next(10) > 0) MessageMaker.Set(message, _field!, fitting[random.Next(fitting.Length)]);
        var bytes = message.ToByteArray();
        return random.Next(4) == 0 ? ByteMutator.Damage(bytes, random) : bytes;
    }

    public override string ToString() => $"/{Method.Service.FullName}/{Method.Name}";

    [GeneratedRegex(@"\{(?<field>[a-z_.]+)=(?<shape>[^}]+)\}")]
    private static partial Regex Variable();
}
