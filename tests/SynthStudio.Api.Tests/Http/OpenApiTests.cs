using System.Net;
using System.Text;
using System.Text.Json;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.OpenApi;
using SynthStudio.Api.Tests.Access;

namespace SynthStudio.Api.Tests.Http;

/// <summary>The OpenAPI document is valid, complete, and says what the server does.</summary>
[TestClass]
public sealed class OpenApiTests : ApiTest
{
    [TestMethod]
    public async Task The_document_is_valid_and_describes_everything()
    {
        using var http = Server.Http(null);
        await using var json = await http.GetStreamAsync("/openapi.json", Cancellation);
        using var copy = new MemoryStream();
        await json.CopyToAsync(copy, Cancellation);
        copy.Position = 0;
        var (document, diagnostic) = await OpenApiModelFactory.LoadAsync(copy, "json", new OpenApiReaderSettings(), cancellationToken: Cancellation);
        Assert.AreEqual("", string.Join('\n', diagnostic!.Errors.Concat(diagnostic.Warnings)));

        var operations = document!.Paths.SelectMany(path => path.Value.Operations!.Values).ToList();
        CollectionAssert.AllItemsAreUnique(operations.Select(operation => operation.OperationId).ToList());
        var described = operations.Select(operation => operation.OperationId!).ToHashSet();
        var called = Rpc.All.Where(rpc => HttpBinding.Of(rpc.Descriptor).Count > 0).ToList();
        Assert.IsGreaterThan(70, called.Count);
        Assert.AreEqual("", string.Join(", ", called.Select(rpc => $"{Operation.TagOf(rpc.Descriptor.Service)}_{rpc.Descriptor.Name}").Where(id => !described.Contains(id))));
        Assert.AreEqual("", string.Join(", ", operations.Where(operation => string.IsNullOrEmpty(operation.Summary)).Select(operation => operation.OperationId)));
        Assert.AreEqual("", string.Join(", ", document.Components!.Schemas!
            .Where(schema => string.IsNullOrEmpty(schema.Value.Description)).Select(schema => schema.Key)));
    }

    [TestMethod]
    public async Task Every_operation_leads_to_its_call()
    {
        using var http = Server.Http(null);
        foreach (var rpc in Rpc.All)
        {
            foreach (var binding in HttpBinding.Of(rpc.Descriptor))
            {
                var path = binding.Ids.Aggregate(binding.Path, (text, id) => text.Replace($"{{{id.Id}}}", "x", StringComparison.Ordinal));
                using var request = new HttpRequestMessage(new HttpMethod(binding.Verb.ToUpperInvariant()), path);
                if (binding.Body.Length > 0) request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
                using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
                if (rpc.Rule.Audience == Audience.Public) Assert.IsFalse(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed, $"{rpc}: {answer.StatusCode}");
                else Assert.AreEqual(HttpStatusCode.Unauthorized, answer.StatusCode, $"{rpc}: {binding.Verb} {path} is no call that asks who is there.");
            }
        }
    }

    [TestMethod]
    public async Task Answers_have_the_fields_and_types_that_it_says()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var http = Server.Http(tenant.Key);
        using var document = JsonDocument.Parse(await http.GetStringAsync("/openapi.json", Cancellation));
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        foreach (var (path, schema) in new[]
        {
            (tenant.Project, "Project"), (tenant.Dataset, "Dataset"), (tenant.Generator, "Generator"), (tenant.Job, "Job"), (tenant.Synthetic, "SyntheticDataset"),
            ($"{tenant.Project}/jobs", "ListJobsResponse"), ($"{tenant.Project}/auditEntries", "ListAuditEntriesResponse"), ($"{tenant.Webhook}/deliveries", "ListWebhookDeliveriesResponse"),
        })
        {
            using var answer = JsonDocument.Parse(await http.GetStringAsync("/v1/" + path, Cancellation));
            Agree(answer.RootElement, schemas.GetProperty(schema), schemas, path);
        }
    }

    [TestMethod]
    public async Task All_that_an_update_can_change_is_said_of_its_mask()
    {
        const string unknown = "nothing";
        var tenant = await Tenant.CreateAsync(Server);
        var client = Server.Client(tenant.Key);
        var comments = ProtoComments.Load();
        foreach (var (request, update) in new (MessageDescriptor Request, Func<Task> Update)[]
        {
            (V1.UpdateProjectRequest.Descriptor, () => client.Projects.UpdateProjectAsync(
                new() { Project = new() { Name = tenant.Project }, UpdateMask = new() { Paths = { unknown } } }).ResponseAsync),
            (V1.UpdateDatasetRequest.Descriptor, () => client.Datasets.UpdateDatasetAsync(
                new() { Dataset = new() { Name = tenant.Dataset }, UpdateMask = new() { Paths = { unknown } } }).ResponseAsync),
            (V1.UpdateGeneratorRequest.Descriptor, () => client.Generators.UpdateGeneratorAsync(
                new() { Generator = new() { Name = tenant.Generator }, UpdateMask = new() { Paths = { unknown } } }).ResponseAsync),
            (V1.UpdateWebhookRequest.Descriptor, () => client.Webhooks.UpdateWebhookAsync(
                new() { Webhook = new() { Name = tenant.Webhook }, UpdateMask = new() { Paths = { unknown } } }).ResponseAsync),
        })
        {
            var (error, _) = await RefusedAsync(StatusCode.InvalidArgument, ErrorReasons.InvalidField, update);
            var known = error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations.Single().Description.Split("only ")[1].TrimEnd('.').Split(", ");
            var said = comments.Of(request.FindFieldByName("update_mask"));
            Assert.AreEqual("", string.Join(", ", known.Where(path => !said.Contains(path, StringComparison.Ordinal))), request.FullName);
        }
    }

    [TestMethod]
    public void Names_in_paths_are_written_out()
    {
        var upload = Rpc.All.Single(rpc => rpc.FullName.EndsWith("UploadService/UploadChunk", StringComparison.Ordinal));
        var binding = HttpBinding.Of(upload.Descriptor)[0];
        Assert.AreEqual("/v1/projects/{project}/uploads/{upload}:chunk", binding.Path);
        CollectionAssert.AreEqual(new[] { ("project", "name"), ("upload", "name") }, binding.Ids.ToArray());
    }

    private static void Agree(JsonElement value, JsonElement schema, JsonElement schemas, string place)
    {
        if (schema.TryGetProperty("$ref", out var reference)) schema = schemas.GetProperty(reference.GetString()!.Split('/')[^1]);
        if (!schema.TryGetProperty("type", out var type)) return;
        var kinds = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!).ToArray() : [type.GetString()!];
        var kind = value.ValueKind switch
        {
            JsonValueKind.Object => "object", JsonValueKind.Array => "array", JsonValueKind.String => "string", JsonValueKind.True or JsonValueKind.False => "boolean",
            _ => kinds.Contains("integer") ? "integer" : "number",
        };
        CollectionAssert.Contains(kinds, kind, place);
        if (kind == "string" && schema.TryGetProperty("enum", out var allowed)) Assert.IsTrue(allowed.EnumerateArray().Any(a => a.GetString() == value.GetString()), $"{place}: {value}");
        if (kind == "array") foreach (var item in value.EnumerateArray()) Agree(item, schema.GetProperty("items"), schemas, place + "[]");
        if (kind != "object" || !schema.TryGetProperty("properties", out var properties)) return;
        foreach (var property in value.EnumerateObject())
        {
            Assert.IsTrue(properties.TryGetProperty(property.Name, out var inner), $"{place}.{property.Name} is not described.");
            Agree(property.Value, inner, schemas, $"{place}.{property.Name}");
        }
    }
}
