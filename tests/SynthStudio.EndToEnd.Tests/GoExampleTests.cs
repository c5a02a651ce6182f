using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>
/// There is seldom a Go where the tests run (with one, <see cref="LanguageClientTests"/> runs the example): what the Go example names is
/// held against the protocol files instead, by the rules by which protoc-gen-go makes names. It shows that the example was not left behind,
/// not that it compiles.
/// </summary>
[TestClass]
public sealed partial class GoExampleTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tools", "examples", "go");

    private static readonly IReadOnlyList<FileDescriptor> Files =
    [
        .. typeof(Job).Assembly.GetTypes().Where(t => t.GetProperty("Descriptor")?.PropertyType == typeof(FileDescriptor))
            .Select(t => (FileDescriptor)t.GetProperty("Descriptor")!.GetValue(null)!),
    ];

    [TestMethod]
    public void Everything_that_it_names_is_in_the_protocol_files()
    {
        var source = File.ReadAllText(Path.Combine(Folder, "synthesize.go"));

        var problems = Problems(source).ToList();

        Assert.AreEqual("", string.Join(Environment.NewLine, problems));
        Assert.HasCount(6, Client().Matches(source).Select(m => m.Groups["service"].Value).Distinct().ToList());
    }

    [TestMethod]
    [DataRow("x := pb.NewJobbServiceClient(c)", "service JobbService")]
    [DataRow("x := pb.NewJobServiceClient(c)\n x.WatchJobs(ctx, nil)", "JobService.WatchJobs")]
    [DataRow("&pb.WatchJobRequest{Nam: 1}", "WatchJobRequest.Nam")]
    [DataRow("&pb.CreateUploadRequest{Upload: &pb.Upload{FileName: f(x, 1)}, Request: 2}", "CreateUploadRequest.Request")]
    [DataRow("var x *pb.Datasett", "type Datasett")]
    [DataRow("pb.DatasetState_DATASET_STATE_REDY", "constant DatasetState_DATASET_STATE_REDY")]
    [DataRow("x.GetNothingLikeThis()", "field GetNothingLikeThis")]
    public void A_name_that_is_not_there_is_found(string source, string problem) => Assert.AreEqual(problem, Problems(source).Single());

    [TestMethod]
    public void Its_script_gives_each_protocol_file_the_package_that_it_imports()
    {
        var script = File.ReadAllText(Path.Combine(Folder, "generate.sh"));
        var package = Regex.Match(script, "^package=(.+)$", RegexOptions.Multiline).Groups[1].Value;

        Assert.Contains("for file in \"$protos\"/synthstudio/v1/*.proto; do options+=\",Msynthstudio/v1/$(basename \"$file\")=$package\"; done", script);
        Assert.Contains($"pb \"{package}\"", File.ReadAllText(Path.Combine(Folder, "synthesize.go")));
        Assert.StartsWith(Regex.Match(File.ReadAllText(Path.Combine(Folder, "go.mod")), "^module (.+)$", RegexOptions.Multiline).Groups[1].Value + "/", package);
    }

    private static IEnumerable<string> Problems(string source)
    {
        var messages = Files.SelectMany(file => file.MessageTypes).ToDictionary(message => message.Name);
        var enums = Files.SelectMany(file => file.EnumTypes).ToDictionary(type => type.Name);
        var services = Files.SelectMany(file => file.Services).ToDictionary(service => service.Name);
        var getters = messages.Values.SelectMany(message => message.Fields.InDeclarationOrder()).Select(field => GoName(field.Name)).ToHashSet();
        foreach (Match client in Client().Matches(source))
        {
            if (!services.TryGetValue(client.Groups["service"].Value, out var service))
            {
                yield return $"service {client.Groups["service"].Value}";
                continue;
            }

            foreach (Match call in Regex.Matches(source, $@"\b{client.Groups["variable"].Value}\.(\w+)\(ctx"))
                if (service.FindMethodByName(call.Groups[1].Value) is null) yield return $"{service.Name}.{call.Groups[1].Value}";
        }

        foreach (Match used in Used().Matches(source))
        {
            var name = used.Groups[1].Value;
            if (name.StartsWith("New", StringComparison.Ordinal) && name.EndsWith("Client", StringComparison.Ordinal)) continue;
            if (name.Split('_', 2) is [var type, var value])
            {
                if (!enums.TryGetValue(type, out var constants) || constants.FindValueByName(value) is null) yield return $"constant {name}";
            }
            else if (!messages.TryGetValue(name, out var message))
            {
                yield return $"type {name}";
            }
            else if (source[used.Index..].StartsWith($"pb.{name}{{", StringComparison.Ordinal))
            {
                var fields = message.Fields.InDeclarationOrder().Select(field => GoName(field.Name)).ToHashSet();
                foreach (var field in Keys(source, used.Index + used.Length + 1).Where(field => !fields.Contains(field))) yield return $"{name}.{field}";
            }
        }

        foreach (Match getter in Getter().Matches(source))
            if (!getters.Contains(getter.Groups[1].Value)) yield return $"field Get{getter.Groups[1].Value}";
    }

    /// <summary>The keys of a composite literal whose first character is at <paramref name="start"/>, without those of literals in it.</summary>
    private static IEnumerable<string> Keys(string source, int start)
    {
        var depth = 0;
        for (var i = start; i < source.Length && depth >= 0; i++)
        {
            if (source[i] is '{' or '(' or '[') depth++;
            else if (source[i] is '}' or ')' or ']') depth--;
            else if (depth == 0 && Key().Match(source, i) is { Success: true } key && (i == start || !char.IsLetterOrDigit(source[i - 1])))
            {
                yield return key.Groups[1].Value;
                i += key.Length - 1;
            }
        }
    }

    /// <summary><c>request_id</c> becomes <c>RequestId</c>.</summary>
    private static string GoName(string field) => string.Concat(field.Split('_').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));

    [GeneratedRegex(@"(?<variable>\w+) := pb\.New(?<service>\w+)Client\(")]
    private static partial Regex Client();

    [GeneratedRegex(@"\bpb\.(\w+)")]
    private static partial Regex Used();

    [GeneratedRegex(@"\.Get([A-Z]\w*)\(\)")]
    private static partial Regex Getter();

    [GeneratedRegex(@"\G([A-Z]\w*):")]
    private static partial Regex Key();
}
