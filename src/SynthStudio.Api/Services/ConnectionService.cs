using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Idempotency;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Transfers;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Api.Services;

internal sealed class ConnectionService(ConnectionStore connections, EndpointReader endpoints, TransferOptions options, PageTokens pages, TimeProvider time)
    : V1.ConnectionService.ConnectionServiceBase
{
    public override async Task<V1.Connection> CreateConnection(V1.CreateConnectionRequest request, ServerCallContext context)
    {
        var wanted = Check.Present(request.Connection, "connection");
        var name = $"{request.Parent}/connections/{ResourceIds.Choose(context, "connection_id", request.ConnectionId, request.RequestId)}";
        var (endpoint, secret) = wanted.EndpointCase switch
        {
            V1.Connection.EndpointOneofCase.Postgres => endpoints.Read(wanted.Postgres, "connection.postgres"),
            V1.Connection.EndpointOneofCase.Bucket => endpoints.Read(wanted.Bucket, "connection.bucket"),
            _ => throw ApiErrors.InvalidField("connection.endpoint", "must be a database (postgres) or a bucket."),
        };
        var connection = new ConnectionRecord
        {
            Name = name,
            Project = request.Parent,
            DisplayName = Check.DisplayName(wanted.DisplayName, "connection.display_name"),
            Endpoint = endpoint,
            SealedSecret = connections.Seal(secret, name),
            Creator = Caller.Of(context).User,
            CreateTime = time.Now(),
        };
        connection = await RepeatableCreation.CreateOrTakeUpAsync(
            request.RequestId, connection,
            () => CreateAsync(connection, context),
            () => connections.FindAsync(name, context.CancellationToken),
            left => left.Creator == connection.Creator && left.Endpoint == endpoint && left.DisplayName == connection.DisplayName);
        return connection.ToProto();
    }

    public override async Task<V1.Connection> GetConnection(V1.GetConnectionRequest request, ServerCallContext context) =>
        (await connections.FindAsync(request.Name, context.CancellationToken) ?? throw ApiErrors.NotFound(request.Name)).ToProto();

    public override async Task<V1.ListConnectionsResponse> ListConnections(V1.ListConnectionsRequest request, ServerCallContext context)
    {
        var (items, next) = await pages.ReadAsync(
            context, request.Parent, request.PageSize, request.PageToken, page => connections.ListAsync(request.Parent, page, context.CancellationToken));
        return new V1.ListConnectionsResponse { Connections = { items.Select(item => item.ToProto()) }, NextPageToken = next };
    }

    public override async Task<Empty> DeleteConnection(V1.DeleteConnectionRequest request, ServerCallContext context) =>
        await connections.DeleteAsync(request.Name, context.CancellationToken) ? new Empty() : throw ApiErrors.NotFound(request.Name);

    private async Task CreateAsync(ConnectionRecord connection, ServerCallContext context)
    {
        if (await connections.TryCreateAsync(connection, options.MaxPerProject, context.CancellationToken)) return;
        throw ApiErrors.QuotaExceeded(
            connection.Project, "connections", left: 0, $"{connection.Project} has {options.MaxPerProject} connections, as many as a project may have. Delete one that is not needed.");
    }
}
