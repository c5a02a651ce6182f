using System.Collections.Frozen;
using Google.Protobuf.Reflection;

namespace SynthStudio.Api.OpenApi;

/// <summary>
/// What the public protos say about themselves. The generated code does not keep comments; the contracts'
/// assembly holds the protos with them.
/// </summary>
internal sealed class ProtoComments
{
    private const string Resource = "synthstudio.v1.binpb";

    private readonly FrozenDictionary<string, string> _byName;

    private ProtoComments(FrozenDictionary<string, string> byName) => _byName = byName;

    /// <summary>Reads them.</summary>
    public static ProtoComments Load()
    {
        using var stream = typeof(V1.Job).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The contracts' assembly has no resource {Resource}.");
        var comments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in FileDescriptorSet.Parser.ParseFrom(stream).File)
        {
            foreach (var place in file.SourceCodeInfo.Location.Where(place => place.LeadingComments.Length > 0))
            {
                if (NameOf(file, [.. place.Path]) is { } name) comments[name] = Join(place.LeadingComments);
            }
        }

        return new ProtoComments(comments.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>The comment of a service, method, message, field or enumeration by its full name; empty when it has none.</summary>
    public string Of(IDescriptor descriptor) => _byName.GetValueOrDefault(descriptor.FullName, "");

    /// <summary>The full name of what a path of field numbers and indices leads to (descriptor.proto); null for what is not named here.</summary>
    private static string? NameOf(FileDescriptorProto file, int[] path) => path switch
    {
        [FileDescriptorProto.ServiceFieldNumber, var s] => $"{file.Package}.{file.Service[s].Name}",
        [FileDescriptorProto.ServiceFieldNumber, var s, ServiceDescriptorProto.MethodFieldNumber, var m] =>
            $"{file.Package}.{file.Service[s].Name}.{file.Service[s].Method[m].Name}",
        [FileDescriptorProto.EnumTypeFieldNumber, var e] => $"{file.Package}.{file.EnumType[e].Name}",
        [FileDescriptorProto.EnumTypeFieldNumber, var e, EnumDescriptorProto.ValueFieldNumber, var v] => $"{file.Package}.{file.EnumType[e].Value[v].Name}",
        [FileDescriptorProto.MessageTypeFieldNumber, var m, .. var rest] => NameOf(file.MessageType[m], $"{file.Package}.{file.MessageType[m].Name}", rest),
        _ => null,
    };

    private static string? NameOf(DescriptorProto message, string name, int[] path) => path switch
    {
        [] => name,
        [DescriptorProto.FieldFieldNumber, var f] => $"{name}.{message.Field[f].Name}",
        [DescriptorProto.EnumTypeFieldNumber, var e] => $"{name}.{message.EnumType[e].Name}",
        [DescriptorProto.NestedTypeFieldNumber, var m, .. var rest] => NameOf(message.NestedType[m], $"{name}.{message.NestedType[m].Name}", rest),
        _ => null,
    };

    private static string Join(string comment) => string.Join(' ', comment.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
