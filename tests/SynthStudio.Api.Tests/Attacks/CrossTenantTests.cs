using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Tests.Access;
using SynthStudio.Testing.Fuzzing;

namespace SynthStudio.Api.Tests.Attacks;

/// <summary>
/// Every field of every request that names a resource (<c>google.api.resource_reference</c>, found by reflection), with the name of another
/// tenant's in it, sent by an owner of a project of their own: answered as the name of nothing is, so that nobody learns what others have,
/// and never carried out. That the name is looked at shows in that one's own is answered otherwise. The field that a rule goes by is
/// <see cref="AccessMatrixTests"/>' matter.
/// </summary>
[TestClass]
public sealed partial class CrossTenantTests : ApiTest
{
    /// <summary>Fields that only choose from what the caller may list: a name of anybody's finds nothing there.</summary>
    private static readonly string[] Filters = ["ListAuditEntriesRequest.filter.resource", "ListJobsRequest.subject"];

    /// <summary>Texts that are called like resources and name none.</summary>
    private static readonly string[] NoNames =
    [
        "CreateTransferRequest.transfer.postgres.user", "CreateConnectionRequest.connection.postgres.user", // Of a database elsewhere.
        "AddProjectMemberRequest.user", "TransferProjectRequest.user", "SetProjectMemberRequest.member.user", // Users are no tenant's; whom one may name is UserTests' matter.
    ];

    public static IEnumerable<object[]> Methods => Rpc.All.Where(rpc => References(rpc).Any()).Select(rpc => new object[] { rpc.FullName });

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public async Task A_name_of_anothers_is_answered_as_a_name_of_nothing(string fullName)
    {
        var rpc = Rpc.All.Single(r => r.FullName == fullName);
        var other = await Tenant.CreateAsync(Server);
        foreach (var (path, type) in References(rpc))
        {
            foreach (var (kind, name) in NamesOf(type))
            {
                var mine = await Tenant.CreateAsync(Server); // What one's own name has carried out changes what is there.
                using var client = Server.Client(mine.Key);
                var theirs = name(other);
                var told = await AnswerAsync(theirs);
                Assert.AreNotEqual("OK", told, $"{path} = {theirs}");
                Assert.AreEqual(
                    (await AnswerAsync(theirs[..^1] + "0")).Replace(theirs[..^1] + "0", "", StringComparison.Ordinal),
                    told.Replace(theirs, "", StringComparison.Ordinal), path);
                var own = await AnswerAsync(name(mine));
                if (type != Any || !own.Contains(path, StringComparison.Ordinal)) // Not every field of any kind takes this one.
                    Assert.AreNotEqual(told.Replace(theirs, "", StringComparison.Ordinal), own.Replace(name(mine), "", StringComparison.Ordinal), $"{path} as {kind} is not looked at.");

                async Task<string> AnswerAsync(string value)
                {
                    var request = rpc.Request(AccessMatrixTests.Sample(rpc.Rule.Pattern!, mine));
                    Complete(request, path, mine);
                    MessageMaker.Set(request, path, value);
                    return await rpc.DescribeAsync(client.Invoker, request, Cancellation);
                }
            }
        }
    }

    [TestMethod]
    public void Every_field_that_is_called_like_a_resource_says_that_it_names_one()
    {
        var silent = Rpc.All.Where(rpc => IsOfProject(rpc) && !rpc.Descriptor.IsClientStreaming)
            .SelectMany(rpc => Texts(rpc.Descriptor.InputType, "", IsUpdate(rpc))
                .Where(text => text.Path != rpc.Rule.Field && text.Type is null && Resource().IsMatch(text.Path.Split('.')[^1]))
                .Select(text => $"{rpc.Descriptor.InputType.Name}.{text.Path}"))
            .Except(NoNames).Except(Filters).Distinct().Order(StringComparer.Ordinal);

        Assert.AreEqual("", string.Join(Environment.NewLine, silent));
    }

    [TestMethod]
    public void What_is_tried_is_not_less_than_it_was()
    {
        var tried = Rpc.All.SelectMany(rpc => References(rpc).Select(reference => $"{rpc.Descriptor.InputType.Name}.{reference.Path}")).ToHashSet();
        foreach (var known in (string[])
        [
            "CreateGeneratorRequest.generator.dataset", "CreateGeneratorRequest.generator.start_from", "CreateTransferRequest.transfer.connection", "CreateTransferRequest.transfer.table_export.source",
            "CreateTransferRequest.transfer.object_export.source", "CreateEvidencePackRequest.evidence_pack.subject", "GetLineageRequest.resource", "GetGeneratorComparisonRequest.other",
            "ReplayWebhookDeliveriesRequest.delivery", "ImportGeneratorRequest.upload", "CreateEvaluationRequest.evaluation.holdout_dataset", "SetGeneratorAliasRequest.generator",
        ]) Assert.Contains(known, tried);
    }

    private const string Any = "*";

    /// <summary>Names of a kind, of all kinds for <see cref="Any"/>.</summary>
    private static IEnumerable<(string Kind, Func<Tenant, string> Name)> NamesOf(string type)
    {
        (string Kind, Func<Tenant, string> Name)[] all =
        [
            ("Dataset", t => t.Dataset), ("Generator", t => t.Generator), ("SyntheticDataset", t => t.Synthetic), ("Evaluation", t => t.Evaluation), ("Upload", t => t.Upload), ("Job", t => t.Job),
            ("Webhook", t => t.Webhook), ("WebhookDelivery", t => t.Delivery), ("Connection", t => t.Connection), ("Transfer", t => t.Transfer), ("EvidencePack", t => t.EvidencePack),
            ("ServiceAccount", t => t.ServiceAccount),
        ];
        var kind = type[(type.LastIndexOf('/') + 1)..];
        return type == Any ? all.Take(4) : [all.Single(one => one.Kind == kind)];
    }

    /// <summary>What a call must have beside the name at a path, for the name to be looked at.</summary>
    private static void Complete(IMessage request, string path, Tenant mine)
    {
        switch (request)
        {
            case V1.CreateTransferRequest { Transfer: var transfer } create:
                transfer ??= create.Transfer = new V1.Transfer();
                if (path.Contains("query_import", StringComparison.Ordinal) || path.Contains("table_export", StringComparison.Ordinal))
                    transfer.Postgres = new() { Host = "db.example.org", Port = 5432, Database = "d", User = "u", Password = "p", Tls = V1.TransportSecurity.Verified };
                else transfer.Bucket = new() { Url = "https://storage.example.org", Region = "us-east-1", Bucket = "bucket", AccessKey = "key", SecretKey = "secret" };
                if (path.Contains("query_import", StringComparison.Ordinal)) transfer.QueryImport = new() { Query = "SELECT 1" };
                if (path.Contains("object_import", StringComparison.Ordinal)) transfer.ObjectImport = new() { Key = "t.csv" };
                if (path.Contains("table_export", StringComparison.Ordinal)) transfer.TableExport = new() { Table = "t" };
                if (path.Contains("object_export", StringComparison.Ordinal)) transfer.ObjectExport = new() { Key = "t.csv" };
                break;
            case V1.CreateEvaluationRequest evaluation:
                evaluation.Evaluation = new() { Dataset = mine.Dataset, SyntheticDataset = mine.Synthetic };
                break;
            case V1.CreateGeneratorRequest generator:
                generator.Generator = new() { Dataset = mine.Dataset };
                break;
            case V1.CreateSyntheticDatasetRequest synthetic:
                synthetic.SyntheticDataset = new() { Rows = 1 };
                break;
            case V1.CreateUploadRequest upload:
                upload.Upload = new() { FileName = "t.csv" };
                break;
            case V1.SetGeneratorAliasRequest alias:
                alias.AliasId = "mine";
                break;
        }
    }

    private static bool IsOfProject(Rpc rpc) => rpc.Rule.Audience is Audience.Viewer or Audience.Editor or Audience.Owner;

    private static bool IsUpdate(Rpc rpc) => rpc.Descriptor.Name.StartsWith("Update", StringComparison.Ordinal);

    /// <summary>Paths and kinds of the fields that name resources, but the one that the rule goes by.</summary>
    private static IEnumerable<(string Path, string Type)> References(Rpc rpc) => !IsOfProject(rpc) || rpc.Descriptor.IsClientStreaming
        ? []
        : Texts(rpc.Descriptor.InputType, "", IsUpdate(rpc))
            .Where(text => text.Path != rpc.Rule.Field && text.Type is not null)
            .Select(text => (text.Path, text.Type!));

    /// <summary>
    /// Paths of all texts that a caller sets, of messages in messages too, with what they name; an
    /// update leaves what cannot be changed as it is.
    /// </summary>
    private static IEnumerable<(string Path, string? Type)> Texts(MessageDescriptor type, string prefix, bool isUpdate)
    {
        foreach (var field in type.Fields.InDeclarationOrder().Where(f => !f.IsRepeated && !f.IsMap))
        {
            var behaviour = field.GetOptions()?.GetExtension(FieldBehaviorExtensions.FieldBehavior);
            if (behaviour?.Contains(FieldBehavior.OutputOnly) == true || behaviour?.Contains(FieldBehavior.Identifier) == true) continue;
            if (isUpdate && behaviour?.Contains(FieldBehavior.Immutable) == true) continue;
            if (field.FieldType == FieldType.String)
            {
                yield return (prefix + field.Name, field.GetOptions()?.GetExtension(ResourceExtensions.ResourceReference)?.Type);
            }
            else if (field.FieldType == FieldType.Message && prefix.Count(c => c == '.') < 3)
            {
                foreach (var inner in Texts(field.MessageType, $"{prefix}{field.Name}.", isUpdate)) yield return inner;
            }
        }
    }

    [GeneratedRegex("(^|_)(dataset|upload|generator|job|webhook|delivery|connection|transfer|pack|account|evaluation|analysis|source|subject|resource|other|user|start_from|version)$")]
    private static partial Regex Resource();
}
