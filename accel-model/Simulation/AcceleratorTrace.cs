// SPDX-License-Identifier: Apache-2.0
using AccelModel.Hardware;
using AccelModel.Scheduling;
using Semaphore = AccelModel.Scheduling.Semaphore;

namespace AccelModel.Simulation;

/// <summary>One unit in one cycle.</summary>
/// <param name="State">Its state.</param>
/// <param name="Instruction">Position in its program of the instruction at hand.</param>
/// <param name="Kind">What the cycle is counted as.</param>
/// <param name="BlockedBy">The semaphore of a stall.</param>
public readonly record struct UnitSnapshot(UnitState State, int Instruction, CycleKind Kind, Semaphore? BlockedBy);

/// <summary>The machine in one cycle, before its clock edge.</summary>
public readonly ref struct CycleSnapshot
{
    /// <summary>Image of the batch.</summary>
    public required int Image { get; init; }

    /// <summary>Cycle of the inference.</summary>
    public required long Cycle { get; init; }

    /// <summary>The load unit.</summary>
    public required UnitSnapshot Load { get; init; }

    /// <summary>The array unit.</summary>
    public required UnitSnapshot Array { get; init; }

    /// <summary>The vector unit.</summary>
    public required UnitSnapshot Vector { get; init; }

    /// <summary>The store unit.</summary>
    public required UnitSnapshot Store { get; init; }

    /// <summary>Semaphore counts by number.</summary>
    public required ReadOnlySpan<int> Semaphores { get; init; }

    /// <summary>The unit whose command the memory port serves.</summary>
    public required UnitKind? PortOwner { get; init; }

    /// <summary>Whether a memory word passes the port.</summary>
    public required bool PortBeat { get; init; }

    /// <summary>What enters the array.</summary>
    public required ArrayControl ArrayInput { get; init; }

    /// <summary>The array, whose PEs can be looked at.</summary>
    public required SystolicArray Elements { get; init; }

    /// <summary>The accumulator word that is written.</summary>
    public required int? AccumulatorWritten { get; init; }

    /// <summary>The output word that is written.</summary>
    public required int? OutputWritten { get; init; }
}

/// <summary>Watches the register-accurate model.</summary>
public interface IAcceleratorTrace
{
    /// <summary>Called once in each cycle.</summary>
    void Observe(in CycleSnapshot cycle);
}
