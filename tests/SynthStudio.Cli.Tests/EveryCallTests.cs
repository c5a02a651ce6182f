using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Google.Api;
using Google.Protobuf.Reflection;
using SynthStudio.V1;

namespace SynthStudio.Cli.Tests;

/// <summary>Whatever the API can do, the command line and JSON over HTTP can do, but for what is listed here with its reason.</summary>
[TestClass]
public sealed class EveryCallTests
{
    private const string Watched = "JobService.WatchJob, by which every command watches, tells the same events.";
    private const string Computed = "synth privacy computes it here, with the same library and without a server.";
    private const string Streamed = "It is for browsers, which cannot stream a request: the command line sends files by WriteUpload, whose last message completes the upload.";

    /// <summary>Calls that no command makes, and why.</summary>
    private static readonly Dictionary<string, string> NotByCommands = new()
    {
        ["EvaluationService.WatchEvaluation"] = Watched,
        ["GeneratorService.WatchGenerator"] = Watched,
        ["SyntheticDatasetService.WatchSyntheticDataset"] = Watched,
        ["EvaluationService.GetEvaluationReport"] = "DownloadEvaluationReport brings the same, and as a page too.",
        ["SyntheticDatasetService.StreamRows"] = "It is for programs that take rows while they are drawn: commands wait, and download them.",
        ["PrivacyService.ComputeEpsilon"] = Computed,
        ["PrivacyService.CalibrateNoise"] = Computed,
        ["PrivacyService.ComposeEvents"] = Computed,
        ["UploadService.UploadChunk"] = Streamed,
        ["UploadService.CreateUploadLink"] = Streamed,
        ["UploadService.CompleteUpload"] = Streamed,
    };

    /// <summary>Calls that JSON over HTTP has not, and why.</summary>
    private static readonly Dictionary<string, string> NotByHttp = new()
    {
        ["UploadService.WriteUpload"] = "Its request is a stream: UploadChunk takes the same bytes.",
    };

    private static readonly IReadOnlyList<MethodDescriptor> Calls =
    [
        .. typeof(Job).Assembly.GetTypes().Where(type => type.GetProperty("Descriptor")?.PropertyType == typeof(FileDescriptor))
            .Select(type => (FileDescriptor)type.GetProperty("Descriptor")!.GetValue(null)!)
            .SelectMany(file => file.Services).SelectMany(service => service.Methods),
    ];

    [TestMethod]
    public void The_command_line_makes_every_call_but_those_that_are_listed()
    {
        var made = CallsOfCommands();

        Assert.IsGreaterThan(150, Calls.Count);
        Assert.AreEqual("", Listed(Calls.Select(Name).Except(made).Except(NotByCommands.Keys)), "No command makes these calls.");
        Assert.AreEqual("", Listed(NotByCommands.Keys.Except(Calls.Select(Name).Except(made))), "These are listed as not made, and are made or are no calls.");
    }

    [TestMethod]
    public void Every_call_has_a_path_for_JSON_over_HTTP_but_those_that_are_listed()
    {
        var without = Calls.Where(call => call.GetOptions()?.HasExtension(AnnotationsExtensions.Http) != true).Select(Name).ToList();

        Assert.AreEqual(Listed(NotByHttp.Keys), Listed(without));
        Assert.AreEqual(Listed(NotByHttp.Keys), Listed(Calls.Where(call => call.IsClientStreaming).Select(Name)), "A call is left out only because it streams its request.");
    }

    private static string Listed(IEnumerable<string> calls) => string.Join(Environment.NewLine, calls.Order(StringComparer.Ordinal));

    private static string Name(MethodDescriptor call) => $"{call.Service.Name}.{call.Name}";

    /// <summary>The calls that are made by the compiled command line, the tools that it offers to assistants left out.</summary>
    private static HashSet<string> CallsOfCommands()
    {
        using var file = new PEReader(File.OpenRead(Path.ChangeExtension(Repository.Synth, ".dll")));
        var metadata = file.GetMetadataReader();
        var clients = metadata.MemberReferences
            .Select(handle => (Token: MetadataTokens.GetToken(handle), Name: ClientCall(metadata, metadata.GetMemberReference(handle))))
            .Where(member => member.Name is not null).ToDictionary(member => member.Token, member => member.Name!);
        var made = new HashSet<string>();
        foreach (var method in metadata.MethodDefinitions.Select(metadata.GetMethodDefinition))
        {
            if (method.RelativeVirtualAddress == 0 || Namespace(metadata, method.GetDeclaringType()) == "SynthStudio.Cli.Mcp") continue;
            var code = file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!;
            // call and callvirt, each followed by the token of what is called.
            for (var i = 0; i + 4 < code.Length; i++)
                if (code[i] is 0x28 or 0x6F && clients.TryGetValue(BitConverter.ToInt32(code, i + 1), out var call)) made.Add(call);
        }

        return made;
    }

    /// <summary><c>XService.Call</c> for a method of a generated client; null for any other member.</summary>
    private static string? ClientCall(MetadataReader metadata, MemberReference member)
    {
        if (member.Parent.Kind != HandleKind.TypeReference) return null;
        var type = metadata.GetTypeReference((TypeReferenceHandle)member.Parent);
        if (type.ResolutionScope.Kind != HandleKind.TypeReference) return null;
        var service = metadata.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);
        if (metadata.GetString(service.Namespace) != typeof(Job).Namespace || metadata.GetString(type.Name) != $"{metadata.GetString(service.Name)}Client") return null;
        var name = metadata.GetString(member.Name);
        return $"{metadata.GetString(service.Name)}.{(name.EndsWith("Async", StringComparison.Ordinal) ? name[..^5] : name)}";
    }

    /// <summary>The namespace of a type, or of the one that it is nested in.</summary>
    private static string Namespace(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer ? Namespace(metadata, outer) : metadata.GetString(type.Namespace);
    }
}
