using Google.Protobuf.WellKnownTypes;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Api.Mapping;

/// <summary>Connections and transfers, to the wire; never their secrets.</summary>
internal static class TransferMapping
{
    public static V1.Connection ToProto(this ConnectionRecord connection)
    {
        var proto = new V1.Connection
        {
            Name = connection.Name, DisplayName = connection.DisplayName, Creator = connection.Creator, CreateTime = connection.CreateTime.ToProto(),
        };
        if (connection.Endpoint.Postgres is { } database) proto.Postgres = database.ToProto();
        else proto.Bucket = connection.Endpoint.Bucket!.ToProto();
        return proto;
    }

    public static V1.Transfer ToProto(this TransferRecord transfer)
    {
        var proto = new V1.Transfer
        {
            Name = transfer.Name,
            State = transfer.State switch
            {
                TransferState.Pending => V1.TransferState.Pending,
                TransferState.Running => V1.TransferState.Running,
                TransferState.Succeeded => V1.TransferState.Succeeded,
                TransferState.Failed => V1.TransferState.Failed,
                _ => V1.TransferState.Cancelled,
            },
            RowCount = transfer.Rows,
            SizeBytes = transfer.Bytes,
            Attempt = transfer.Attempt,
            Error = transfer.Error?.ToProto(),
            Dataset = transfer.Spec.Query?.Dataset ?? transfer.Spec.Object?.Dataset ?? "",
            Creator = transfer.Creator,
            CreateTime = transfer.CreateTime.ToProto(),
            StartTime = transfer.StartTime?.ToProto(),
            EndTime = transfer.EndTime?.ToProto(),
        };
        if (transfer.Spec.Query is { } query)
            proto.QueryImport = new V1.QueryImport
            {
                Query = query.Query, MaxRows = query.MaxRows,
                StatementTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(query.StatementSeconds)),
            };
        if (transfer.Spec.Object is { } content) proto.ObjectImport = new V1.ObjectImport { Key = content.Key, Sha256 = content.Sha256 };
        if (transfer.Spec.Table is { } table)
            proto.TableExport = new V1.TableExport
            {
                Source = table.Source, Schema = table.Schema, Table = table.Table, Overwrite = table.Overwrite,
                TextColumns = { table.TextColumns },
            };
        if (transfer.Spec.Export is { } export)
        {
            proto.ObjectExport = new V1.ObjectExport
            {
                Source = export.Source, Key = export.Key, Overwrite = export.Overwrite, Format = export.Format.ToProto(),
                TextColumns = { export.TextColumns }, DefuseFormulas = export.DefuseFormulas,
            };
        }

        if (transfer.Spec.Connection.Length > 0) proto.Connection = transfer.Spec.Connection;
        else if (transfer.Endpoint.Postgres is { } database) proto.Postgres = database.ToProto();
        else proto.Bucket = transfer.Endpoint.Bucket!.ToProto();
        return proto;
    }

    private static V1.PostgresEndpoint ToProto(this PostgresAddress address) => new()
    {
        Host = address.Host,
        Port = address.Port,
        Database = address.Database,
        User = address.User,
        Tls = address.Tls switch
        {
            TransportSecurity.Verified => V1.TransportSecurity.Verified,
            TransportSecurity.Unverified => V1.TransportSecurity.Unverified,
            _ => V1.TransportSecurity.None,
        },
    };

    private static V1.BucketEndpoint ToProto(this BucketAddress address) =>
        new() { Url = address.Url, Region = address.Region, Bucket = address.Bucket, AccessKey = address.AccessKey };
}
