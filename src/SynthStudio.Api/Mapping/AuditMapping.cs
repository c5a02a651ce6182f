using SynthStudio.Catalog.Audit;

namespace SynthStudio.Api.Mapping;

/// <summary>Audit trails, to the wire.</summary>
internal static class AuditMapping
{
    public static V1.AuditEntry ToProto(this AuditEntry entry) => new()
    {
        Sequence = entry.Sequence,
        Time = entry.Event.Outcome == AuditEvent.UnreadableOutcome ? null : entry.Time.ToProto(),
        ClockTime = entry.Clock?.ToProto(),
        Actor = entry.Event.Actor,
        Credential = entry.Event.Credential,
        Method = entry.Event.Method,
        Resource = entry.Event.Resource,
        Outcome = entry.Event.Outcome,
        Reason = entry.Event.Reason,
        Address = entry.Event.Address,
        TraceId = entry.Event.TraceId,
        RequestId = entry.Event.RequestId,
        Detail = entry.Event.Detail,
        Begun = entry.Event.Begun ?? 0,
    };

    public static V1.AuditFindings ToProto(this AuditFindings findings) => new()
    {
        Sound = findings.IsSound,
        Entries = findings.Lines,
        Head = findings.Head?.ToProto(),
        AnchoredSequence = findings.Anchored,
        Faults =
        {
            findings.Faults.Select(fault => new V1.AuditFault
            {
                Sequence = fault.Sequence, Description = fault.Description,
                Kind = fault.Kind switch
                {
                    AuditFaultKind.Missing => V1.AuditFaultKind.Missing,
                    AuditFaultKind.Changed => V1.AuditFaultKind.Changed,
                    AuditFaultKind.Forged => V1.AuditFaultKind.Forged,
                    _ => V1.AuditFaultKind.Unspecified,
                },
            }),
        },
        PublicKeyPem = findings.PublicKeyPem,
        Restores = { findings.Restores.Select(restore => restore.ToProto()) },
    };

    public static V1.AuditRestore ToProto(this AcceptedRestore accepted) => new()
    {
        Sequence = accepted.Sequence, Time = accepted.Time.ToProto(), Actor = accepted.Actor, Reason = accepted.Restore.Why,
        SignedHead = accepted.Restore.Signed.ToProto(), LastKeptSequence = accepted.Restore.LastKept,
        LastKeptKnown = accepted.Restore.IsSaid, Description = accepted.Restore.Lost,
    };

    private static V1.AuditHead ToProto(this AuditHead head) => new()
    {
        Chain = head.Chain, Sequence = head.Sequence, Sha256 = Convert.ToHexStringLower(head.Hash), Signature = Convert.ToHexStringLower(head.Signature),
    };
}
