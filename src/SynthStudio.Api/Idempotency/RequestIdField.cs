using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SynthStudio.Api.Idempotency;

/// <summary>The <c>request_id</c> of a kind of request, looked up once.</summary>
internal static class RequestIdField<TRequest> where TRequest : class
{
    private static readonly MessageDescriptor? Descriptor = (Activator.CreateInstance<TRequest>() as IMessage)?.Descriptor;
    private static readonly FieldDescriptor? Field = Descriptor?.FindFieldByName("request_id");
    private static readonly FieldDescriptor? ValidateOnly = Descriptor?.FindFieldByName("validate_only");

    /// <summary>Whether requests of this kind can carry an id.</summary>
    public static bool Exists => Field is not null;

    /// <summary>Whether the request is only to be checked: then nothing is done that must happen once.</summary>
    public static bool IsCheckOnly(TRequest request) => ValidateOnly?.Accessor.GetValue((IMessage)request) is true;

    public static string Get(TRequest request) => (string)Field!.Accessor.GetValue((IMessage)request);

    /// <summary>SHA-256 of everything else in the request but secrets, which nobody is to guess by it.</summary>
    public static byte[] HashRest(TRequest request)
    {
        var message = Secrets.Without((IMessage)request);
        var id = Field!.Accessor.GetValue(message);
        Field.Accessor.Clear(message);
        try
        {
            return SHA256.HashData(message.ToByteArray());
        }
        finally
        {
            Field.Accessor.SetValue(message, id); // The request itself, where nothing in it is secret.
        }
    }
}
