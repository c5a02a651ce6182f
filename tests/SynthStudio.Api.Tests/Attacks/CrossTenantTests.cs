using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Tests.Access;

namespace SynthStudio.Api.Tests.Attacks;

/// <summary>
/// Every text of every request, found by reflection, with the name of another tenant's resource in it, sent by an owner of a project of their own: answered
/// as the name of nothing is, so that nobody learns what others have, and never carried out.
/// </summary>
[TestClass]
public sealed class CrossTenantTests : ApiTest
{
    public static IEnumerable<object[]> Methods => Rpc.All
        .Where(rpc => rpc.Rule.Audience is Audience.Viewer or Audience.Editor or Audience.Owner && !rpc.Descriptor.IsClientStreaming)
        .Select(rpc => new object[] { rpc.FullName });

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public async Task A_name_of_anothers_is_answered_as_a_name_of_nothing(string fullName)
    {
        var rpc = Rpc.All.Single(r => r.FullName == fullName);
        var mine = await Tenant.CreateAsync(Server);
        var other = await Tenant.CreateAsync(Server);
        using var client = Server.Client(mine.Key);
        foreach (var path in Texts(rpc.Descriptor.InputType, "", rpc.Descriptor.Name.StartsWith("Update", StringComparison.Ordinal)).Where(path => path != rpc.Rule.Field))
        {
            foreach (var (theirs, own) in other.Names.Zip(mine.Names))
            {
                if (Kind(theirs) is not { } kind || !path.Split('.')[^1].Contains(kind, StringComparison.Ordinal)) continue;
                var told = await AnswerAsync(theirs);
                var nothing = await AnswerAsync(theirs[..^1] + "0");
                Assert.AreNotEqual("OK", told, $"{path} = {theirs}");
                Assert.AreEqual(nothing.Replace(theirs[..^1] + "0", "", StringComparison.Ordinal), told.Replace(theirs, "", StringComparison.Ordinal), path);
            }

            async Task<string> AnswerAsync(string name)
            {
                var request = rpc.Request(Sample(rpc.Rule.Pattern!, mine));
                SynthStudio.Testing.Fuzzing.MessageMaker.Set(request, path, name);
                return await rpc.DescribeAsync(client.Invoker, request, Cancellation);
            }
        }
    }

    /// <summary>What a field would be called that names a resource of this kind; null for kinds that are named by their own call only.</summary>
    private static string? Kind(string name) => name.Split('/') switch
    {
        [_, _, "datasets", _] => "dataset",
        [_, _, "generators", _] => "generator",
        [_, _, "syntheticDatasets", _] => "synthetic",
        [_, _, "evaluations", _] => "evaluation",
        [_, _, "uploads", _] => "upload",
        [_, _, "jobs", _] => "job",
        _ => null,
    };

    /// <summary>Paths of all texts that a caller sets, of messages in messages too; an update leaves what cannot be changed as it is.</summary>
    private static IEnumerable<string> Texts(MessageDescriptor type, string prefix, bool isUpdate)
    {
        foreach (var field in type.Fields.InDeclarationOrder().Where(f => !f.IsRepeated && !f.IsMap))
        {
            var behaviour = field.GetOptions()?.GetExtension(FieldBehaviorExtensions.FieldBehavior);
            if (behaviour?.Contains(FieldBehavior.OutputOnly) == true || behaviour?.Contains(FieldBehavior.Identifier) == true) continue;
            if (isUpdate && behaviour?.Contains(FieldBehavior.Immutable) == true) continue;
            if (field.FieldType == FieldType.String) yield return prefix + field.Name;
            else if (field.FieldType == FieldType.Message && prefix.Count(c => c == '.') < 3)
                foreach (var inner in Texts(field.MessageType, $"{prefix}{field.Name}.", isUpdate)) yield return inner;
        }
    }

    private static string Sample(ResourcePattern pattern, Tenant tenant) => AccessMatrixTests.Sample(pattern, tenant);
}
