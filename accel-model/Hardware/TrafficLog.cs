// SPDX-License-Identifier: Apache-2.0
using AccelModel.Simulation;

namespace AccelModel.Hardware;

/// <summary>An access that is counted.</summary>
public enum Access
{
    /// <summary>A memory word into the activation buffer.</summary>
    ActivationLoad,

    /// <summary>A memory word into the weight buffer.</summary>
    WeightLoad,

    /// <summary>A memory word into the parameter buffer.</summary>
    ParameterLoad,

    /// <summary>A memory word into the operand buffer.</summary>
    OperandLoad,

    /// <summary>A memory word into the lookup memory.</summary>
    LookupLoad,

    /// <summary>An element from external memory into the activation buffer.</summary>
    ActivationElement,

    /// <summary>An element from external memory into the operand buffer.</summary>
    OperandElement,

    /// <summary>A beat of a fill.</summary>
    Fill,

    /// <summary>A memory word written.</summary>
    Store,

    /// <summary>An element written to external memory.</summary>
    StoreElement,

    /// <summary>An element forwarded into the activation buffer.</summary>
    ForwardElement,

    /// <summary>A vector read from the activation buffer.</summary>
    ActivationRead,

    /// <summary>A line read from the weight buffer.</summary>
    WeightRead,

    /// <summary>A line read from the parameter buffer.</summary>
    ParameterRead,

    /// <summary>A word read from the operand buffer.</summary>
    OperandRead,

    /// <summary>A word that passes the lookup memory.</summary>
    LookupRead,

    /// <summary>A word read from the accumulator buffer.</summary>
    AccumulatorRead,

    /// <summary>A word written to the accumulator buffer.</summary>
    AccumulatorWrite,

    /// <summary>A word written to the output buffer.</summary>
    OutputWrite,

    /// <summary>A word read from the output buffer.</summary>
    OutputRead,
}

/// <summary>Counts the accesses of each layer where they happen: at the ports.</summary>
public sealed class TrafficLog(int layers, int wordBytes)
{
    private readonly long[,] _accesses = new long[layers, (int)Access.OutputRead + 1];

    /// <summary>One access, or as many as there are elements in it.</summary>
    public void Count(int layer, Access access, int number = 1) => _accesses[layer, (int)access] += number;

    /// <summary>The counts of one layer.</summary>
    public Traffic Layer(int layer) => new()
    {
        ActivationLoadBytes = _accesses[layer, (int)Access.ActivationLoad] * wordBytes,
        WeightLoadBytes = _accesses[layer, (int)Access.WeightLoad] * wordBytes,
        ParameterLoadBytes = _accesses[layer, (int)Access.ParameterLoad] * wordBytes,
        OperandLoadBytes = _accesses[layer, (int)Access.OperandLoad] * wordBytes,
        LookupLoadBytes = _accesses[layer, (int)Access.LookupLoad] * wordBytes,
        ActivationLoadElements = _accesses[layer, (int)Access.ActivationElement],
        OperandLoadElements = _accesses[layer, (int)Access.OperandElement],
        FillBeats = _accesses[layer, (int)Access.Fill],
        StoreElements = _accesses[layer, (int)Access.StoreElement],
        ForwardElements = _accesses[layer, (int)Access.ForwardElement],
        OperandReads = _accesses[layer, (int)Access.OperandRead],
        LookupReads = _accesses[layer, (int)Access.LookupRead],
        StoreBytes = _accesses[layer, (int)Access.Store] * wordBytes,
        ActivationReads = _accesses[layer, (int)Access.ActivationRead],
        WeightReads = _accesses[layer, (int)Access.WeightRead],
        ParameterReads = _accesses[layer, (int)Access.ParameterRead],
        AccumulatorReads = _accesses[layer, (int)Access.AccumulatorRead],
        AccumulatorWrites = _accesses[layer, (int)Access.AccumulatorWrite],
        OutputWrites = _accesses[layer, (int)Access.OutputWrite],
        OutputReads = _accesses[layer, (int)Access.OutputRead],
    };

    /// <summary>All counts to zero.</summary>
    public void Reset() => Array.Clear(_accesses);
}
